package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

  private static final Currency EUR = Currency.getInstance("EUR");
  private static final Currency JPY = Currency.getInstance("JPY");
  private static final Currency KWD = Currency.getInstance("KWD");

  static Stream<Currency> payable() {
    return Currency.getAvailableCurrencies().stream().filter(currency -> currency.getDefaultFractionDigits() >= 0);
  }

  static Stream<Currency> notPayable() {
    return Currency.getAvailableCurrencies().stream().filter(currency -> currency.getDefaultFractionDigits() < 0);
  }

  @ParameterizedTest
  @MethodSource("payable")
  void every_currency_has_its_own_number_of_fraction_digits(Currency currency) {
    int digits = currency.getDefaultFractionDigits();
    String smallest = new BigDecimal(BigInteger.ONE, digits).toPlainString();
    assertThat(Money.currency(currency.getCurrencyCode())).isEqualTo(currency);
    assertThat(Money.parse("7", currency).toDecimal())
        .isEqualTo(BigDecimal.valueOf(7).setScale(digits).toPlainString());
    assertThat(Money.parse(smallest, currency).toDecimal()).isEqualTo(smallest);
    assertRefused("0." + "0".repeat(digits + 1), currency, "must have at most " + digits + " fraction digits for ");
  }

  @ParameterizedTest
  @MethodSource("notPayable")
  void refuses_a_currency_that_nobody_pays_with(Currency currency) {
    assertThatThrownBy(() -> Money.currency(currency.getCurrencyCode())).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be a currency that one can pay with");
    assertRefused("1", currency, "must be a currency that one can pay with");
    assertThatThrownBy(() -> new Money(BigDecimal.ONE, currency)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "EU", "EURO", "eur", "Eur", "E R", "EU1", "ÉUR", "QQQ", " EUR", "978"})
  void refuses_a_code_that_names_no_currency(String code) {
    assertThatThrownBy(() -> Money.currency(code)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be a currency code of ISO 4217, such as EUR");
  }

  @ParameterizedTest
  @CsvSource({"EUR, 19.99, 19.99", "EUR, 20, 20.00", "EUR, 20.5, 20.50", "EUR, 0, 0.00", "EUR, 0.0, 0.00",
      "EUR, 0.01, 0.01", "EUR, 999999999999.99, 999999999999.99", "JPY, 500, 500", "JPY, 0, 0",
      "JPY, 999999999999, 999999999999", "KWD, 1, 1.000", "KWD, 1.5, 1.500", "KWD, 0.001, 0.001",
      "KWD, 999999999999.999, 999999999999.999"})
  void reads_plain_decimals(String code, String text, String decimal) {
    Money money = Money.parse(text, Money.currency(code));
    assertThat(money.toDecimal()).isEqualTo(decimal);
    assertThat(money).hasToString(decimal + " " + code).isEqualTo(Money.parse(decimal, Money.currency(code)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-0", "+1", "--1", "−1"})
  void refuses_signs(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e2", "1E2", "1e-2", "1.0e1", "0x10", "NaN", "Infinity", "1f", "1d", "1_000"})
  void refuses_exponents_and_everything_else_that_a_number_parser_may_know(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " 1", "1 ", "1 000", "1\n", "\t1", "1\u00a0", "1\u0000", "\ufeff1"})
  void refuses_blanks(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "01", "007", "00.50", "01.50", "000000000001"})
  void refuses_leading_zeros(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"١", "1٢", "1.٥", "１", "१.००", "²", "½", "𝟙"})
  void refuses_digits_of_other_scripts(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.", ".5", ".", "1..5", "1.2.3", "1,50", "1.000,50", "1,000.50", "$1", "1 EUR"})
  void refuses_misplaced_points_and_foreign_ways_to_write_money(String text) {
    assertNoDecimal(text);
  }

  @ParameterizedTest
  @CsvSource({"EUR, 1.001, 2", "EUR, 1.000, 2", "JPY, 1.0, 0", "JPY, 0.5, 0", "KWD, 1.0001, 3", "KWD, 1.0000, 3"})
  void refuses_more_fraction_digits_than_the_currency_has_even_zeros(String code, String text, int digits) {
    assertRefused(text, Currency.getInstance(code), "must have at most " + digits + " fraction digits for " + code);
  }

  @Test
  void a_price_has_at_most_12_digits_before_the_point() {
    assertNoDecimal("1000000000000");
    assertNoDecimal("1000000000000.00");
    assertNoDecimal("9".repeat(100_000));
    assertRefused("0." + "9".repeat(100_000), EUR, "must have at most 2 fraction digits for EUR");
  }

  @Test
  void a_total_has_at_most_24_digits_before_the_point() {
    String most = "9".repeat(24) + ".99";
    assertThat(Money.parseTotal(most, EUR).toDecimal()).isEqualTo(most);
    assertThatThrownBy(() -> Money.parseTotal("1" + "0".repeat(24), EUR)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 24 digits before the point");
    assertThatThrownBy(() -> Money.parseTotal("-1", EUR)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void is_never_negative() {
    assertThatThrownBy(() -> new Money(new BigDecimal("-0.01"), EUR)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must not be negative");
    assertThatThrownBy(() -> Money.parse("0.01", EUR).times(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "1.000", "1E+2"})
  void has_the_scale_of_its_currency(String amount) {
    assertThatThrownBy(() -> new Money(new BigDecimal(amount), EUR)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have 2 fraction digits for EUR");
  }

  @Test
  void sums_are_exact() {
    var random = new Random(20260101);
    for (Currency currency : new Currency[]{EUR, JPY, KWD}) {
      Money sum = Money.parse("0", currency);
      BigInteger units = BigInteger.ZERO;
      for (int i = 0; i < 10_000; i++) {
        BigInteger unit = BigInteger.valueOf(random.nextLong(1_000_000_000_000L));
        units = units.add(unit);
        sum = sum.plus(Money.parse(decimal(unit, currency), currency));
      }
      assertThat(sum.toDecimal()).isEqualTo(decimal(units, currency));
    }
  }

  @Test
  void products_are_exact() {
    var random = new Random(20260102);
    for (int i = 0; i < 10_000; i++) {
      BigInteger unit = BigInteger.valueOf(random.nextLong(100_000_000_000_000L));
      int factor = random.nextInt(1_000_001);
      assertThat(Money.parse(decimal(unit, EUR), EUR).times(factor).toDecimal())
          .isEqualTo(decimal(unit.multiply(BigInteger.valueOf(factor)), EUR));
    }
  }

  @Test
  void ten_times_ten_cents_are_one_euro() {
    assertThat(Money.parse("0.10", EUR).times(10)).isEqualTo(Money.parse("1", EUR));
    assertThat(Money.parse("0.1", EUR).plus(Money.parse("0.2", EUR))).isEqualTo(Money.parse("0.3", EUR));
    assertThat(Money.parse("5", EUR).times(0)).isEqualTo(Money.parse("0", EUR));
  }

  @Test
  void does_not_mix_currencies() {
    assertThatThrownBy(() -> Money.parse("1", EUR).plus(Money.parse("1", JPY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must all be of one currency");
    assertThat(Money.parse("1", EUR)).isNotEqualTo(Money.parse("1", Currency.getInstance("USD")));
  }

  private static String decimal(BigInteger units, Currency currency) {
    return new BigDecimal(units, currency.getDefaultFractionDigits()).toPlainString();
  }

  private static void assertNoDecimal(String text) {
    assertRefused(text, EUR,
        "must be a decimal string such as \"19.99\", not negative, with at most 12 digits before the point");
  }

  private static void assertRefused(String text, Currency currency, String message) {
    assertThatThrownBy(() -> Money.parse(text, currency)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
