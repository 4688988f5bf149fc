package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrdersTest {

  private TestApi api;
  private String userId;

  @BeforeEach
  void start() {
    api = TestApi.start();
    userId = api.register("ada@example.com");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void anOrderIsAnsweredInFullAndFoundAgain() {
    TestApi.Answer made = place("EUR", """
        {"sku":"A-1","quantity":2,"unitPrice":"19.99"},{"sku":"B","quantity":1,"unitPrice":"0.5"}""").expect(201);

    String id = made.json().get("id").textValue();
    assertThat(made.text()).isEqualTo("{\"id\":\"" + id + "\",\"userId\":\"" + userId + "\",\"status\":\"created\","
        + "\"currency\":\"EUR\",\"total\":\"40.48\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"},"
        + "{\"sku\":\"B\",\"quantity\":1,\"unitPrice\":\"0.50\"}],\"createdAt\":\"2026-01-02T03:04:05.678Z\","
        + "\"payment\":null,\"shipment\":null,"
        + "\"history\":[{\"type\":\"order_created\",\"at\":\"2026-01-02T03:04:05.678Z\"}]}");
    assertThat(made.header("location")).isEqualTo("/orders/" + id);
    assertThat(made.header("content-type")).isEqualTo("application/json");
    assertThat(api.get("/orders/" + id).expect(200).text()).isEqualTo(made.text());
  }

  @ParameterizedTest
  @CsvSource({"JPY,20,60", "KWD,0.125,0.375", "USD,3,9.00"})
  void moneyHasTheDigitsOfItsCurrency(String currency, String price, String total) {
    String item = "{\"sku\":\"A\",\"quantity\":3,\"unitPrice\":\"" + price + "\"}";

    assertThat(place(currency, item).expect(201).json().get("total").textValue()).isEqualTo(total);
  }

  @Test
  void eachStateIsShownAsItIs() {
    CreatedOrder created = createdOrder();
    Instant paidAt = TestApi.NOW.plusSeconds(1);
    var paid = created.paid("pay-1", paidAt).state();
    var shipped = paid.shipped("track-1", TestApi.NOW.plusSeconds(2)).state();
    var declined = created.declined("no_funds", paidAt).state();

    assertShown(paid, "paid", "{\"id\":\"pay-1\",\"at\":\"2026-01-02T03:04:06.678Z\"}", "null",
        "order_created", "order_paid");
    assertShown(shipped, "shipped", "{\"id\":\"pay-1\",\"at\":\"2026-01-02T03:04:06.678Z\"}",
        "{\"trackingNumber\":\"track-1\",\"at\":\"2026-01-02T03:04:07.678Z\"}", "order_created", "order_paid",
        "order_shipped");
    assertShown(declined, "payment_declined", "{\"declined\":\"no_funds\",\"at\":\"2026-01-02T03:04:06.678Z\"}",
        "null", "order_created", "order_payment_declined");
  }

  private void assertShown(Order order, String status, String payment, String shipment, String... history) {
    api.store.put(Order.key(order.purchase().id()), order);
    JsonNode shown = api.get("/orders/" + order.purchase().id()).expect(200).json();
    assertThat(shown.get("status").textValue()).isEqualTo(status);
    assertThat(shown.get("payment")).hasToString(payment);
    assertThat(shown.get("shipment")).hasToString(shipment);
    assertThat(shown.get("history").valueStream().map(step -> step.get("type").textValue())).containsExactly(history);
  }

  private CreatedOrder createdOrder() {
    String id = placeOne().expect(201).json().get("id").textValue();
    return (CreatedOrder) api.store.load(Order.key(new OrderId(id))).orElseThrow().state();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/orders/00000000-0000-7000-8000-000000000000", "/orders/no.such.syntax", "/orders/%C3%A4"})
  void anUnknownOrderIsNotFound(String path) {
    api.get(path).problem(404);
  }

  @Test
  void anOrderOfAnUnknownUserIsInvalid() {
    api.post("/orders", order("nobody", "\"EUR\"", ITEM)).invalid("/userId");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {"sku":"A","quantity":"2","unitPrice":"1"}         | /items/0/quantity
      {"sku":"A","quantity":2.5,"unitPrice":"1"}         | /items/0/quantity
      {"sku":"A","quantity":2.0,"unitPrice":"1"}         | /items/0/quantity
      {"sku":"A","quantity":true,"unitPrice":"1"}        | /items/0/quantity
      {"sku":"A","quantity":0,"unitPrice":"1"}           | /items/0/quantity
      {"sku":"A","quantity":-1,"unitPrice":"1"}          | /items/0/quantity
      {"sku":"A","quantity":1000001,"unitPrice":"1"}     | /items/0/quantity
      {"sku":"A","quantity":4294967297,"unitPrice":"1"}  | /items/0/quantity
      {"sku":"A","quantity":18446744073709551617,"unitPrice":"1"} | /items/0/quantity
      {"sku":"A","quantity":1,"unitPrice":1}             | /items/0/unitPrice
      {"sku":"A","quantity":1,"unitPrice":1.5}           | /items/0/unitPrice
      {"sku":"A","quantity":1,"unitPrice":"-1"}          | /items/0/unitPrice
      {"sku":"A","quantity":1,"unitPrice":"1.001"}       | /items/0/unitPrice
      {"sku":"A","quantity":1,"unitPrice":"1e3"}         | /items/0/unitPrice
      {"sku":"","quantity":1,"unitPrice":"1"}            | /items/0/sku
      {"sku":7,"quantity":1,"unitPrice":"1"}             | /items/0/sku
      {"sku":"A","quantity":1,"unitPrice":"1","a/~":0}   | /items/0/a~1~0
      {}                                                 | /items/0/sku /items/0/quantity /items/0/unitPrice
      {"sku":"A","quantity":1,"unitPrice":"1"},7         | /items/1
      {"sku":"A","quantity":1,"unitPrice":"1"},null,[]   | /items/1 /items/2
      {"sku":"A","quantity":0,"unitPrice":"1"},{"sku":"A","quantity":1,"unitPrice":""} | /items/0/quantity /items/1/unitPrice
      """)
  void everyInvalidFieldOfAnItemIsNamed(String items, String fields) {
    place("EUR", items).invalid(fields.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"eur\"", "\"XAU\"", "\"EURO\"", "\"\"", "978", "null"})
  void aBadCurrencyIsBlamedAloneAndNotThePrices(String currency) {
    api.post("/orders", order(userId, currency, "{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1.23456\"}"))
        .invalid("/currency");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "7", "null", "\"A\""})
  void itemsMustBeAListWithItems(String items) {
    api.post("/orders", "{\"userId\":\"" + userId + "\",\"currency\":\"EUR\",\"items\":" + items + "}")
        .invalid("/items");
  }

  @Test
  void aHundredItemsAreTheMost() {
    place("EUR", String.join(",", Collections.nCopies(100, ITEM))).expect(201);
    place("EUR", String.join(",", Collections.nCopies(101, ITEM))).invalid("/items");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    api.post("/orders", "{\"userId\":7,\"currency\":\"nope\",\"items\":[{\"sku\":\"\",\"quantity\":\"1\"}],\"more\":1}")
        .invalid("/userId", "/currency", "/items/0/sku", "/items/0/quantity", "/items/0/unitPrice", "/more");
  }

  @Test
  void pagesGoThroughAllOrdersNewestFirst() {
    List<String> placed = IntStream.range(0, 120)
        .mapToObj(_ -> placeOne().expect(201).json().get("id").textValue())
        .toList();

    assertThat(idsPage("")).hasSize(50);
    assertThat(idsPage("?limit=&after=")).hasSize(50);
    assertThat(idsPage("?limit=200")).isEqualTo(placed.reversed());
    assertThat(idsPage("?limit=1")).containsExactly(placed.getLast());
    assertThat(allPages("limit=50")).isEqualTo(placed.reversed());
    assertThat(allPages("limit=40")).isEqualTo(placed.reversed());
    assertThat(allPages("limit=7")).isEqualTo(placed.reversed());
  }

  @Test
  void aUserWithoutOrdersHasAnEmptyPage() {
    assertThat(api.get("/users/" + userId + "/orders").expect(200).text()).isEqualTo("{\"items\":[],\"next\":null}");
  }

  @Test
  void aPageHasWholeOrders() {
    JsonNode made = placeOne().json();

    assertThat(api.get("/users/" + userId + "/orders").json().get("items").get(0)).isEqualTo(made);
  }

  private List<String> allPages(String query) {
    var ids = new ArrayList<String>();
    JsonNode page = api.get("/users/" + userId + "/orders?" + query).expect(200).json();
    while (true) {
      page.get("items").forEach(order -> ids.add(order.get("id").textValue()));
      if (page.get("next").isNull()) {
        return ids;
      }
      page = api.get("/users/" + userId + "/orders?" + query + "&after=" + page.get("next").textValue())
          .expect(200)
          .json();
    }
  }

  private List<String> idsPage(String query) {
    return api.get("/users/" + userId + "/orders" + query)
        .expect(200)
        .json()
        .get("items")
        .valueStream()
        .map(order -> order.get("id").textValue())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"limit=0,limit", "limit=201,limit", "limit=-1,limit", "limit=1.5,limit", "limit=abc,limit",
      "limit=99999999999999999999,limit", "limit=+5,limit", "limit=%2B5,limit", "limit=%D9%A1,limit",
      "limit=1&limit=2,limit", "after=nonsense,after", "after=a&after=b,after", "after=x&limit=x,limit"})
  void aBadPageIsInvalid(String query, String field) {
    placeOne().expect(201);

    api.get("/users/" + userId + "/orders?" + query).invalid(field);
  }

  @Test
  void badPercentEncodingOfAParameterIsInvalid() {
    assertThat(api.raw("GET /users/" + userId + "/orders?limit=%zz HTTP/1.1", "Host: a", "Connection: close"))
        .startsWith("HTTP/1.1 422 ")
        .contains("\"field\":\"limit\"");
  }

  @Test
  void manyOrdersAtOnceAreAllTaken() throws Exception {
    Callable<String> placing = () -> placeOne().expect(201).json().get("id").textValue();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var placed = new HashSet<String>();
      for (Future<String> result : threads.invokeAll(Collections.nCopies(150, placing))) {
        placed.add(result.get());
      }

      assertThat(placed).hasSize(150);
      assertThat(idsPage("?limit=200")).containsExactlyInAnyOrderElementsOf(placed);
    }
  }

  private static final String ITEM = "{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1.00\"}";

  private TestApi.Answer placeOne() {
    return place("EUR", ITEM);
  }

  private TestApi.Answer place(String currency, String items) {
    return api.post("/orders", order(userId, "\"" + currency + "\"", items));
  }

  private static String order(String userId, String currency, String items) {
    return "{\"userId\":\"" + userId + "\",\"currency\":" + currency + ",\"items\":[" + items + "]}";
  }
}
