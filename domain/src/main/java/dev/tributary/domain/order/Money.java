package dev.tributary.domain.order;

import dev.tributary.domain.Ascii;
import java.math.BigDecimal;
import java.util.Currency;

/**
 * An exact amount that is not negative, with the currency's own number of fraction digits (ISO 4217): EUR two, JPY none, KWD three. Sums and
 * products of money are exact; nothing here rounds.
 */
public record Money(BigDecimal amount, Currency currency) {

  private static final int INTEGER_DIGITS = 12;
  private static final int TOTAL_INTEGER_DIGITS = 24;

  /** @throws IllegalArgumentException if the amount is negative or has another scale than the currency, or the currency has no fraction digits */
  public Money {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("must not be negative");
    }
    if (amount.scale() != digits(currency)) {
      throw new IllegalArgumentException("must have " + digits(currency) + " fraction digits for " + currency);
    }
  }

  /**
   * A price.
   *
   * @param text a plain decimal such as {@code 19.99} or {@code 20}: no sign, no exponent, at most 12 digits before
   *        the point, no more digits behind it than the currency has
   * @throws IllegalArgumentException with a message fit for clients, for any other text
   */
  public static Money parse(String text, Currency currency) {
    return parse(text, currency, INTEGER_DIGITS);
  }

  /** A sum of prices: like {@link #parse(String, Currency)}, but at most 24 digits before the point. */
  public static Money parseTotal(String text, Currency currency) {
    return parse(text, currency, TOTAL_INTEGER_DIGITS);
  }

  private static Money parse(String text, Currency currency, int mostIntegerDigits) {
    int point = text.indexOf('.');
    int integerDigits = point < 0 ? text.length() : point;
    if (integerDigits > mostIntegerDigits || !isDecimal(text, integerDigits)) {
      throw new IllegalArgumentException("must be a decimal string such as \"19.99\", not negative, with at most "
          + mostIntegerDigits + " digits before the point");
    }
    int digits = digits(currency);
    if (text.length() - integerDigits - 1 > digits) {
      throw new IllegalArgumentException("must have at most " + digits + " fraction digits for " + currency);
    }
    return new Money(new BigDecimal(text).setScale(digits), currency);
  }

  /** Digits without a leading zero, and perhaps a point and more digits. */
  private static boolean isDecimal(String text, int integerDigits) {
    return Ascii.areDigits(text, 0, integerDigits)
        && (integerDigits == 1 || text.charAt(0) != '0')
        && (integerDigits == text.length() || Ascii.areDigits(text, integerDigits + 1, text.length()));
  }

  /**
   * @param code three capital letters
   * @throws IllegalArgumentException with a message fit for clients, if ISO 4217 has no such currency, or one that nobody pays with (XAU, XXX)
   */
  public static Currency currency(String code) {
    Currency found;
    try {
      found = Currency.getInstance(code);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("must be a currency code of ISO 4217, such as EUR");
    }
    digits(found);
    return found;
  }

  public Money plus(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException("must all be of one currency");
    }
    return new Money(amount.add(other.amount), currency);
  }

  /** @param factor not negative */
  public Money times(int factor) {
    return new Money(amount.multiply(BigDecimal.valueOf(factor)), currency);
  }

  /** The amount alone, as it stands in JSON: {@code 19.99}. */
  public String toDecimal() {
    return amount.toPlainString();
  }

  private static int digits(Currency currency) {
    int digits = currency.getDefaultFractionDigits();
    if (digits < 0) {
      throw new IllegalArgumentException("must be a currency that one can pay with");
    }
    return digits;
  }

  @Override
  public String toString() {
    return toDecimal() + " " + currency;
  }
}
