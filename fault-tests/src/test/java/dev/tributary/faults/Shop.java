package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A customer of the HTTP front. */
final class Shop implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(2))
      .build();

  record Answer(int status, JsonNode body, HttpResponse<String> raw) {

    String id() {
      return body.get("id").textValue();
    }
  }

  Answer register(String url, String email) throws IOException, InterruptedException {
    return post(url + "/users", customer(email));
  }

  /** As often as it is called with one key, there is to be one user. */
  Answer register(String url, String email, String key) throws IOException, InterruptedException {
    return send(request(url + "/users", customer(email)).header("Idempotency-Key", key));
  }

  private static String customer(String email) {
    return "{\"email\":\"" + email + "\",\"name\":\"Ada\"}";
  }

  Answer order(String url, String userId) throws IOException, InterruptedException {
    return post(url + "/orders", order(userId));
  }

  /** As often as it is called with one key, there is to be one order. */
  Answer order(String url, String userId, String key) throws IOException, InterruptedException {
    return send(request(url + "/orders", order(userId)).header("Idempotency-Key", key));
  }

  private static String order(String userId) {
    return "{\"userId\":\"" + userId
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}";
  }

  /** A new user's order, until it is shipped. */
  void buyOne(String url, Duration atMost) throws IOException, InterruptedException {
    String user = register(url, "ada@example.com").id();
    String order = order(url, user).id();
    await().atMost(atMost)
        .untilAsserted(() -> assertThat(get(url + "/orders/" + order).body().get("status").textValue())
            .isEqualTo("shipped"));
  }

  Answer get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).GET());
  }

  private Answer post(String url, String json) throws IOException, InterruptedException {
    return send(request(url, json));
  }

  private static HttpRequest.Builder request(String url, String json) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
