// Shows /openapi.json with Swagger UI. It asks nobody but this server, and keeps no token beyond this page.
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();

// The fragment belongs to Swagger UI, which keeps there what is open.
const api = document.getElementById('api');
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  api.focus();
});

SwaggerUIBundle({
  url: '/openapi.json',
  domNode: api,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
