package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.Profile;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {

  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aRegisteredUserIsAnsweredInFullAndFoundAgain() {
    TestApi.Answer made = api.post("/users", "{\"email\":\"Ada@example.com\",\"name\":\"Ada Lövelace\"}").expect(201);

    String id = made.json().get("id").textValue();
    assertThat(made.text()).isEqualTo("{\"id\":\"" + id + "\",\"email\":\"Ada@example.com\",\"name\":\"Ada Lövelace\","
        + "\"createdAt\":\"2026-01-02T03:04:05.678Z\",\"profile\":null,\"welcomeEmailSentAt\":null}");
    assertThat(made.header("location")).isEqualTo("/users/" + id);
    assertThat(made.header("content-type")).isEqualTo("application/json");
    assertThat(api.get("/users/" + id).expect(200).text()).isEqualTo(made.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"email\":\"a@example.com\"}", "{\"email\":\"a@example.com\",\"name\":null}"})
  void aNameMayBeAbsentOrNull(String body) {
    assertThat(api.post("/users", body).expect(201).json().get("name").isNull()).isTrue();
  }

  @Test
  void profileAndWelcomeAreShownOnceTheyAreThere() {
    var id = new UserId("u_1");
    var email = new EmailAddress("a@example.com");
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    api.store.put(User.key(id),
        new User(id, email, Optional.of(new UserName("A")), at, Optional.of(new Profile("A", at))));
    api.store.put(Welcome.key(id), new Welcome(id, email, at.plusMillis(1)));

    assertThat(api.get("/users/u_1").expect(200).text())
        .isEqualTo("{\"id\":\"u_1\",\"email\":\"a@example.com\",\"name\":\"A\",\"createdAt\":\"2026-01-01T00:00:00Z\","
            + "\"profile\":{\"displayName\":\"A\",\"createdAt\":\"2026-01-01T00:00:00Z\"},"
            + "\"welcomeEmailSentAt\":\"2026-01-01T00:00:00.001Z\"}");
  }

  @Test
  void anEmailIsTakenWhateverItsCase() {
    api.register("ada@example.com");

    api.post("/users", "{\"email\":\"ADA@Example.com\"}").problem(409);
  }

  @Test
  void ofManyAtOnceOneGetsTheEmail() throws Exception {
    Callable<Integer> register = () -> api.post("/users", "{\"email\":\"a@example.com\"}").response().statusCode();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var statuses = threads.invokeAll(IntStream.range(0, 32).mapToObj(_ -> register).toList())
          .stream()
          .map(result -> result.resultNow())
          .toList();

      assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/00000000-0000-7000-8000-000000000000", "/users/no.such.syntax", "/users/a%20b",
      "/users/unknown/orders", "/users/no.such.syntax/orders", "/users/",
      "/users/0123456789012345678901234567890123456789012345678901234567890123456789"})
  void anUnknownUserIsNotFound(String path) {
    api.get(path).problem(404);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {}                                              | /email
      {"email":null}                                  | /email
      {"email":7}                                     | /email
      {"email":["a@example.com"]}                     | /email
      {"email":"nonsense"}                            | /email
      {"email":"a@example.com","name":true}           | /name
      {"email":"a@example.com","name":""}             | /name
      {"email":"a@example.com","name":"\\ud800"}      | /name
      {"email":"a@example.com","nmae":"Ada"}          | /nmae
      {"email":"a@example.com","a/b~c":1}             | /a~1b~0c
      {"email":"a@example.com","":1}                  | /
      {"email":"","name":3,"more":{},"Email":""}      | /email /name /more /Email
      """)
  void everyInvalidFieldIsNamed(String body, String fields) {
    api.post("/users", body).invalid(fields.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "7", "null", "true"})
  void aBodyThatIsNoObjectIsInvalidAsAWhole(String body) {
    api.post("/users", body).invalid("");
  }
}
