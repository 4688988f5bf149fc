package dev.tributary.pages;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, with all that it complains of. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final Path DOCS = Path.of("..", "docs", "images");
  private static final int MOST_TABS = 80;

  /** It would say at every start that it knows no protocol of just this version; what is used here is the same in all. */
  private static final Logger PROTOCOL = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

  private final ChromeDriver driver;

  Browser() {
    PROTOCOL.setLevel(Level.SEVERE);
    var options = new ChromeOptions().setBinary(onPath("chromium").toString());
    options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--lang=en-GB", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(onPath("chromedriver"))
        .usingAnyFreePort()
        .build();
    this.driver = new ChromeDriver(service, options);
    size(1360, 900);
  }

  private static File onPath(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not on the PATH: .build/browser.sh installs it"));
  }

  // ---- Ways

  void open(String url) {
    driver.get(url);
  }

  void reload() {
    driver.navigate().refresh();
  }

  /** Leaves no session, and no complaint from before. */
  void forget() {
    driver.get("about:blank");
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    complaints();
  }

  String location() {
    return requireNonNull(driver.getCurrentUrl());
  }

  // ---- Hands

  void click(String css) {
    WebElement element = ready(css + " can be clicked", css);
    // Not under what stays at the top.
    script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", element);
    element.click();
  }

  private WebElement ready(String what, String css) {
    return await().alias(what)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> driver.findElement(By.cssSelector(css)), element -> element.isDisplayed() && element.isEnabled());
  }

  void write(String css, String text) {
    WebElement element = ready(css + " can be filled in", css);
    element.clear();
    element.sendKeys(text);
  }

  void choose(String css, String option) {
    WebElement element = ready(css + " can be chosen from", css);
    await().alias(option + " can be chosen").atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
      element.findElement(By.xpath("./option[normalize-space()='" + option + "']")).click();
    });
  }

  void press(CharSequence keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** As one who has no mouse: with the tabulator, until it is the chosen one. */
  void tabTo(String css) {
    for (int i = 0; i < MOST_TABS; i++) {
      press(Keys.TAB);
      if (Boolean.TRUE.equals(script("return document.activeElement.matches(arguments[0])", css))) {
        return;
      }
    }
    throw new AssertionError("no way to " + css + " by keyboard");
  }

  // ---- Eyes

  /** What is to be read there; empty where there is nothing. */
  String text(String css) {
    return String.valueOf(script(
        "const element = document.querySelector(arguments[0]); return element?.innerText ?? element?.textContent ?? ''",
        css));
  }

  long count(String css) {
    return ((Number) requireNonNull(script("return document.querySelectorAll(arguments[0]).length", css))).longValue();
  }

  void awaitText(String css, String... words) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(css)).as(css).contains(words));
  }

  void awaitNoText(String css, String words) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(css)).as(css).doesNotContain(words));
  }

  void awaitCount(String css, long count) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(css)).as(css).isEqualTo(count));
  }

  void awaitSome(String css) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(css)).as(css).isPositive());
  }

  @Nullable
  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What the console was told as an error since this was asked last; among it everything that the page's policy forbids. */
  List<String> complaints() {
    return driver.manage()
        .logs()
        .get(LogType.BROWSER)
        .getAll()
        .stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** What axe finds wrong by the rules of WCAG 2.2 AA, in words. Not bound by the page's policy. */
  String barriers() throws IOException {
    try (InputStream in = requireNonNull(
        Browser.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))) {
      script(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    // Else what stays at the top covers something.
    script("scrollTo({ top: 0, behavior: 'instant' })");
    return String.valueOf(driver.executeAsyncScript(
        """
            const done = arguments[0];
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
              .then(({ violations }) => done(violations.map(({ id, nodes }) =>
                  `${id}: ${nodes.slice(0, 3).map(({ html, any }) => `${html} ${any.map(({ message }) => message)}`).join(' | ')}`)
                .join('\\n')), (failure) => done(String(failure)));
            """));
  }

  // ---- Looks

  void size(int width, int height) {
    driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void dark(boolean dark) {
    driver.executeCdpCommand("Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
            Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Into target/screenshots, and into the docs where {@code -Dscreenshots=true} asks for it. */
  void shoot(String name) throws IOException {
    byte[] png = driver.getScreenshotAs(OutputType.BYTES);
    for (Path folder : Boolean.getBoolean("screenshots") ? List.of(SHOTS, DOCS) : List.of(SHOTS)) {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name + ".png"), png);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
