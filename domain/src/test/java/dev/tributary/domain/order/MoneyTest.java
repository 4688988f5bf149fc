package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

  private static final Currency EUR = Money.currency("EUR");

  @ParameterizedTest
  @CsvSource({"EUR,19.99,19.99", "EUR,19.9,19.90", "EUR,20,20.00", "EUR,0,0.00", "EUR,0.01,0.01", "JPY,100,100",
      "KWD,1.234,1.234",
      "KWD,1,1.000", "EUR,999999999999.99,999999999999.99"})
  void has_its_currencys_own_digits(String currency, String text, String decimal) {
    assertThat(Money.parse(text, Money.currency(currency)).toDecimal()).isEqualTo(decimal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-1", "+1", "1e3", "1,00", "1.", ".5", "01", "00", "1.999", "1.990", "NaN", "٣",
      "1 ", " 1", "1.0.0", "0x1",
      "1000000000000", "-0.01"})
  void takes_nothing_else_for_a_price(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Money.parse(text, EUR)).withMessageStartingWith("must ");
  }

  @Test
  void takes_no_fraction_where_there_is_none() {
    assertThatIllegalArgumentException().isThrownBy(() -> Money.parse("100.0", Money.currency("JPY")))
        .withMessage("must have at most 0 fraction digits for JPY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eur", "EURO", "XXX", "XAU", "ABC", "€"})
  void takes_only_currencies_that_one_can_pay_with(String code) {
    assertThatIllegalArgumentException().isThrownBy(() -> Money.currency(code))
        .withMessageStartingWith("must be a currency");
  }

  @Test
  void prints_and_reads_every_currency_alike() {
    assertThat(Currency.getAvailableCurrencies()).filteredOn(currency -> currency.getDefaultFractionDigits() >= 0)
        .hasSizeGreaterThan(150)
        .allSatisfy(currency -> {
          Money one = Money.parse("1", currency);
          assertThat(Money.parse(one.toDecimal(), currency)).isEqualTo(one);
          assertThat(one.amount().scale()).isEqualTo(currency.getDefaultFractionDigits());
        });
  }

  @Test
  void adds_and_multiplies_exactly() {
    var random = new Random(42);
    Money sum = Money.parse("0", EUR);
    BigDecimal expected = new BigDecimal("0.00");
    for (int i = 0; i < 10_000; i++) {
      Money price = new Money(BigDecimal.valueOf(random.nextLong(100_000_000_000_000L), 2), EUR);
      int quantity = random.nextInt(1, 1_000_000);
      sum = sum.plus(price.times(quantity));
      expected = expected.add(price.amount().multiply(BigDecimal.valueOf(quantity)));
    }
    assertThat(sum.amount()).isEqualTo(expected);
    assertThat(Money.parseTotal(sum.toDecimal(), EUR)).isEqualTo(sum);
  }

  @Test
  void does_not_mix_currencies() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Money.parse("1", EUR).plus(Money.parse("1", Money.currency("JPY"))));
  }
}
