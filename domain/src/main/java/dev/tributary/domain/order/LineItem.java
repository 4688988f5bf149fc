package dev.tributary.domain.order;

/**
 * One line of an order.
 *
 * @param sku the article: 1–64 visible ASCII characters
 * @param quantity how many, 1–1,000,000
 * @param unitPrice the price of one
 */
public record LineItem(String sku, int quantity, Money unitPrice) {

  private static final int LONGEST_SKU = 64;
  private static final int MOST = 1_000_000;

  public LineItem {
    requireSku(sku);
    requireQuantity(quantity);
  }

  /** @throws IllegalArgumentException with a message fit for clients */
  public static String requireSku(String sku) {
    if (sku.isEmpty() || sku.length() > LONGEST_SKU || sku.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("must be 1-64 visible ASCII characters");
    }
    return sku;
  }

  /** @throws IllegalArgumentException with a message fit for clients */
  public static int requireQuantity(long quantity) {
    if (quantity < 1 || quantity > MOST) {
      throw new IllegalArgumentException("must be a whole number from 1 to 1000000");
    }
    return (int) quantity;
  }

  public Money price() {
    return unitPrice.times(quantity);
  }
}
