package dev.tributary.pages;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What somebody on call sees and does. Every test ends with a look at what the browser complained of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpsPageTest {

  private static final String PAYMENTS = "payment-processors on order-events";
  private static final String SHIPPING = "shipping-processors on order-events";
  private static final String PLOT = "article[aria-label='" + PAYMENTS + "'] .plot";
  private static final String LETTERS = "#dead-rows tr";

  private Product product;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    product = new Product(data);
    browser = new Browser();
  }

  @AfterAll
  void end() {
    browser.close();
    product.close();
  }

  @BeforeEach
  void logIn() throws Exception {
    product.services().answerPaymentsWith(200);
    product.discardDeadLetters();
    browser.forget();
    browser.size(1360, 900);
    browser.dark(false);
    browser.open(product.url() + "/ops");
    browser.write("#token", Product.TOKEN);
    browser.press(Keys.ENTER);
    browser.awaitText("#link", "live");
    assertThat(browser.complaints()).as("only that there was no token yet")
        .allMatch(complaint -> complaint.contains("401"));
  }

  private void assertNoComplaint() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void the_calls_are_shown_and_can_be_tried() {
    browser.open(product.url() + "/docs");
    browser.awaitText("#api", "/users", "/orders", "/ops/streams");
    browser.click("#operations-health-live button.opblock-summary-control");
    browser.click("#operations-health-live button.try-out__btn");
    browser.click("#operations-health-live button.execute");
    browser.awaitText("#operations-health-live .live-responses-table", "200", "\"up\"");
    assertNoComplaint();
  }

  @Test
  void a_wrong_token_does_not_open_it_and_the_right_one_does() {
    browser.click("form[action='/ops/logout'] button");
    browser.awaitText("label[for=token]", "Token");
    browser.write("#token", "wrong");
    browser.press(Keys.ENTER);
    browser.awaitText("[role=alert]", "That is not the token.");
    assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("401"));
    browser.write("#token", Product.TOKEN);
    browser.press(Keys.ENTER);
    browser.awaitText("#link", "live");
    assertThat(browser.location()).isEqualTo(product.url() + "/ops");
    assertNoComplaint();
  }

  @Test
  void an_order_flows_and_its_life_is_told() throws Exception {
    String order = product.order();
    browser.awaitText("#log-lines", "order_created", "order_paid", "order_shipped", order);
    browser.write("#life-id", order);
    browser.press(Keys.ENTER);
    browser.awaitText("#life-line", "order_created", "order_paid", "order_shipped", "later");
    browser.awaitText("article[aria-label='" + PAYMENTS + "']", "all settled", "Handled a second");
    assertThat(browser.text("#flow")).contains("order-events", "payment-processors", "user-events");
    assertNoComplaint();
  }

  @Test
  void the_tail_shows_only_what_is_asked_for() throws Exception {
    String wanted = product.order();
    String other = product.order();
    browser.awaitText("#log-lines", wanted, other);
    browser.write("#log-filter", wanted.toUpperCase(Locale.ROOT));
    browser.awaitNoText("#log-lines", other);
    browser.awaitCount("#log-lines li", 3);
    browser.write("#log-filter", "no such text");
    browser.awaitText("#log-empty", "No line has that text.");
    assertNoComplaint();
  }

  @Test
  void what_was_refused_is_a_dead_letter_and_settles_once_the_cause_is_gone() throws Exception {
    product.services().answerPaymentsWith(400);
    String order = product.order();
    browser.awaitText("#troubles", PAYMENTS, "gave up 1 event", "payments answered 400");
    browser.click("#troubles button");
    browser.awaitText("#dead-rows", "order_created", order, "payments answered 400");
    browser.click("#dead-rows button.link");
    browser.awaitText("#life-line", "order_created", "dead letter of payment-processors");
    product.services().answerPaymentsWith(200);
    browser.click("#redrive");
    browser.awaitText("#question", "Redrive 1 dead letter?", "payment-processors alone");
    browser.click("#question button[value=no]");
    assertThat(product.status(order)).as("a preview does nothing").isEqualTo("created");
    assertThat(browser.text("#dead-rows")).contains(order);
    browser.click("#redrive");
    browser.click("#question-yes");
    browser.awaitText("#dead-said", "handed out to " + PAYMENTS);
    await().atMost(Duration.ofSeconds(20)).until(() -> product.status(order).equals("shipped"));
    browser.awaitCount(LETTERS, 0);
    browser.awaitText("#verdict-words", "Nothing is stuck.");
    browser.awaitText("#audit-rows", "redrive", "1 of 1 redriven");
    assertNoComplaint();
  }

  @Test
  void a_slow_redrive_shows_how_far_it_is_also_to_a_page_that_is_loaded_again() throws Exception {
    product.services().answerPaymentsWith(400);
    var orders = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      orders.add(product.order());
    }
    browser.choose("#dead-group", PAYMENTS);
    browser.awaitCount(LETTERS, orders.size());
    product.services().answerPaymentsWith(200);
    browser.write("#dead-rate", "1");
    browser.click("#redrive");
    browser.awaitText("#question", "about 12 s", "goes on when this page is closed");
    browser.click("#question-yes");
    await().atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(browser.text("#redrives"))
            .containsPattern("Redriving " + PAYMENTS + ": [1-9] of 12 handed out"));
    browser.shoot("ops-redriving");
    browser.reload();
    browser.awaitText("#redrives", "Redriving " + PAYMENTS, "handed out");
    browser.awaitCount("#redrives li", 0);
    for (String order : orders) {
      await().atMost(Duration.ofSeconds(20)).until(() -> product.status(order).equals("shipped"));
    }
    assertNoComplaint();
  }

  @Test
  void poison_can_be_thrown_away_but_not_without_a_question() {
    String entry = product.append("order-events", "nonsense");
    browser.choose("#dead-group", SHIPPING);
    browser.awaitText("#dead-rows", "no type", "not JSON");
    browser.click("#dead-rows summary");
    browser.awaitText("#dead-rows details", "nonsense", entry);
    for (String group : List.of(SHIPPING, PAYMENTS)) {
      browser.choose("#dead-group", group);
      browser.awaitText("#dead-rows", "UndecodableException");
      browser.click("#dead-all");
      browser.click("#discard");
      browser.awaitText("#question", "Discard 1 dead letter?", "cannot be undone");
      browser.press(Keys.ESCAPE);
      assertThat(browser.count(LETTERS)).isEqualTo(1);
      browser.click("#discard");
      browser.click("#question-yes");
      browser.awaitText("#dead-said", "1 dead letter discarded");
      browser.awaitCount(LETTERS, 0);
    }
    browser.awaitText("#audit-rows", "discard", "1 discarded");
    assertNoComplaint();
  }

  @Test
  void what_is_tried_again_is_told_with_who_holds_it_and_when_it_is_due() throws Exception {
    product.services().answerPaymentsWith(503);
    String order = product.order();
    browser.click("#holds summary");
    browser.choose("#holds-group", PAYMENTS);
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
      browser.click("#holds-refresh");
      assertThat(browser.text("#holds-rows")).containsPattern("\\d+-\\d+\\s+\\S+.*\\d\\d:\\d\\d:\\d\\d");
    });
    browser.awaitText("#consumer-rows", "payment-processors");
    product.services().answerPaymentsWith(200);
    await().atMost(Duration.ofSeconds(30)).until(() -> product.status(order).equals("shipped"));
    assertNoComplaint();
  }

  @Test
  void a_group_that_nobody_reads_is_stuck_and_one_who_holds_most_is_named() throws Exception {
    for (int i = 0; i < 8; i++) {
      product.order();
    }
    product.inRedis(redis -> redis.xgroupCreate(StreamOffset.from("order-events", "0"), "warehouse"));
    browser.awaitText("#verdict-words", "1 group is stuck.");
    browser.awaitText("#troubles", "warehouse on order-events", "nobody reads it", "since");
    browser.awaitText("#flow", "warehouse", "waiting");
    browser.click("#troubles li:first-child button");
    assertThat(browser.script("return document.activeElement.id")).isEqualTo("examine");
    browser.press(Keys.ENTER);
    browser.awaitText("#findings", "warehouse");
    read("alice", 20);
    read("bob", 1);
    browser.awaitText("#consumer-rows tr[data-key$='warehouse/alice']", "20", "95 %", "more than its share");
    browser.awaitText("#consumer-rows tr[data-key$='warehouse/bob']", "5 %");
    product.inRedis(redis -> redis.xgroupDestroy("order-events", "warehouse"));
    browser.awaitText("#verdict-words", "Nothing is stuck.");
    browser.awaitNoText("#flow", "warehouse");
    assertNoComplaint();
  }

  @SuppressWarnings("unchecked")
  private void read(String consumer, int count) {
    product.inRedis(redis -> redis.xreadgroup(Consumer.from("warehouse", consumer), XReadArgs.Builder.count(count),
        StreamOffset.lastConsumed("order-events")));
  }

  @Test
  void the_doctor_examines_the_store() {
    browser.click("#examine");
    browser.awaitSome("#findings li:not([data-state=wait])");
    assertThat(browser.text("#findings")).isNotBlank().doesNotContain("Cannot");
    assertNoComplaint();
  }

  @Test
  void a_page_that_is_loaded_again_still_has_its_plots() throws Exception {
    product.order();
    await().atMost(Duration.ofSeconds(30)).until(() -> points(PLOT) >= 5);
    browser.reload();
    browser.awaitSome(PLOT);
    assertThat(points(PLOT)).as("points at the first look").isGreaterThanOrEqualTo(2);
    assertThat(browser.count(PLOT + " canvas")).isEqualTo(2);
    assertNoComplaint();
  }

  private long points(String plot) {
    String script = "return document.querySelector(arguments[0])?.dataset.points ?? '0'";
    return Long.parseLong(String.valueOf(browser.script(script, plot)));
  }

  @Test
  void a_lost_server_is_told_and_found_again() throws Exception {
    product.kill();
    browser.awaitText("#link", "disconnected");
    browser.awaitText("#away", "Disconnected", "as of");
    browser.awaitText("#verdict-words", "No news since");
    browser.shoot("ops-disconnected");
    product.startAgain();
    browser.awaitText("#link", "live");
    assertThat(browser.text("#away")).isEmpty();
    String order = product.order();
    browser.awaitText("#log-lines", order);
    assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("Failed to load resource"));
  }

  @Test
  void a_lost_store_is_told_and_found_again() throws Exception {
    product.killRedis();
    browser.awaitText("#link", "store away");
    browser.awaitText("#away", "The store does not answer.", "as of");
    product.startRedisAgain();
    browser.awaitText("#link", "live");
    String order = product.order();
    browser.awaitText("#log-lines", order);
    assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("Failed to load resource"));
  }

  @Test
  void the_keyboard_is_enough() throws Exception {
    product.services().answerPaymentsWith(400);
    String order = product.order();
    // Its reason comes last: what is drawn anew later would take the button away under the keyboard.
    browser.awaitText("#troubles", "gave up 1 event", "payments answered 400");
    product.services().answerPaymentsWith(200);
    browser.tabTo(".skip");
    browser.press(Keys.ENTER);
    browser.tabTo("#troubles button");
    browser.press(Keys.ENTER);
    browser.awaitText("#dead-rows", order);
    browser.tabTo("#dead-rows input");
    browser.press(Keys.SPACE);
    browser.awaitText("#redrive", "Redrive 1…");
    browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
    browser.script("document.getElementById('dead-rate').focus()");
    browser.tabTo("#redrive");
    browser.press(Keys.ENTER);
    browser.awaitText("#question", "Redrive 1 dead letter?");
    browser.tabTo("#question-yes");
    browser.press(Keys.ENTER);
    await().atMost(Duration.ofSeconds(20)).until(() -> product.status(order).equals("shipped"));
    assertNoComplaint();
  }

  @Test
  void nothing_stands_in_the_way_of_who_reads_it_otherwise() throws Exception {
    product.append("order-events", "nonsense too");
    browser.choose("#dead-group", PAYMENTS);
    browser.awaitSome(LETTERS);
    browser.click("#holds summary");
    browser.click("#examine");
    browser.awaitSome("#findings li:not([data-state=wait])");
    for (boolean dark : List.of(false, true)) {
      browser.dark(dark);
      assertThat(browser.barriers()).isEmpty();
      browser.size(390, 844);
      assertThat(browser.barriers()).isEmpty();
      assertThat(pageWidth()).as("on a phone").isLessThanOrEqualTo(390);
      browser.size(1360, 900);
    }
    browser.script("document.querySelector('h2').outerHTML = '<h2><img src=\"/ops/assets/icon.svg\"></h2>'");
    assertThat(browser.barriers()).as("it looks").contains("image-alt");
  }

  private long pageWidth() {
    return ((Number) requireNonNull(browser.script("return document.documentElement.scrollWidth"))).longValue();
  }

  /** The pictures of the docs: {@code -Dscreenshots=true} puts them there, and takes its time so that there is something to see. */
  @Test
  void it_shows_a_busy_shop_in_light_and_dark_wide_and_narrow() throws Exception {
    String order = keepBusy(Boolean.getBoolean("screenshots") ? 45 : 3);
    product.services().answerPaymentsWith(400);
    for (int i = 0; i < 5; i++) {
      product.order();
    }
    product.append("order-events", "nonsense");
    browser.awaitText("#troubles", "gave up 6 events", "gave up 1 event");
    product.services().answerPaymentsWith(503);
    for (int i = 0; i < 9; i++) {
      product.order();
    }
    browser.awaitText("#flow", "waiting");
    browser.size(1360, 1240);
    browser.shoot("ops-light");
    browser.dark(true);
    browser.shoot("ops-dark");
    browser.dark(false);
    browser.size(390, 844);
    browser.shoot("ops-phone");
    browser.size(1360, 900);
    assertThat(browser.script("return [...document.querySelectorAll('.card')].filter((card) => "
        + "card.scrollWidth > card.clientWidth).length")).as("cards that are too narrow, after a resize").isEqualTo(0L);
    browser.click("#troubles li:first-child button");
    browser.awaitSome(LETTERS);
    browser.click("#redrive");
    browser.awaitText("#question", "Redrive 6 dead letters?");
    browser.shoot("ops-redrive");
    browser.press(Keys.ESCAPE);
    product.services().answerPaymentsWith(200);
    browser.write("#life-id", order);
    browser.press(Keys.ENTER);
    browser.awaitText("#life-line", "order_shipped");
    browser.script("document.getElementById('life').scrollIntoView()");
    browser.shoot("ops-life");
    assertNoComplaint();
  }

  /** @return an order that is shipped */
  private String keepBusy(int points) throws Exception {
    String order = product.order();
    for (int burst = 1; points(PLOT) < points; burst = burst % 12 + 1) {
      for (int i = 0; i < burst; i++) {
        order = product.order();
      }
      String last = order;
      await().atMost(Duration.ofSeconds(20)).until(() -> product.status(last).equals("shipped"));
    }
    return order;
  }

  @Test
  void its_policy_forbids_what_stands_in_line_and_it_needs_none() {
    assertNoComplaint();
    browser.script("document.querySelector('h2').innerHTML = '<span style=\"color: red\">in line</span>'");
    assertThat(browser.complaints()).as("that it would be told")
        .anyMatch(told -> told.contains("Content Security Policy"));
  }
}
