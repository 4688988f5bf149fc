package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Bars from nothing to the median, and across the end of each a line from the least to the most. */
final class Plot {

  private static final int WIDTH = 760;
  private static final int LABELS = 330;
  private static final int BARS = 330;
  private static final int ROW = 26;
  private static final int TOP = 34;

  private Plot() {}

  record Bar(String name, Spread spread) {}

  static void write(Path file, String title, List<Bar> bars) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, svg(title, bars));
  }

  static String svg(String title, List<Bar> bars) {
    double longest = bars.stream().mapToDouble(bar -> bar.spread().most()).max().orElse(1);
    var svg = new StringBuilder(String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="8" y="20" font-size="14" font-weight="bold">%s</text>
        """, WIDTH, TOP + bars.size() * ROW + 8, escaped(title)));
    for (int i = 0; i < bars.size(); i++) {
      svg.append(bar(bars.get(i), TOP + i * ROW, longest, i == 0 ? "#0b7285" : "#adb5bd"));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String bar(Bar bar, int y, double longest, String colour) {
    double scale = BARS / longest;
    Spread spread = bar.spread();
    return String.format(Locale.ROOT, """
        <text x="%d" y="%d" text-anchor="end">%s</text>
        <rect x="%d" y="%d" width="%.1f" height="16" fill="%s"/>
        <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#212529"/>
        <text x="%.1f" y="%d">%,.0f</text>
        """, LABELS, y + 13, escaped(bar.name()), LABELS + 8, y, spread.median() * scale, colour,
        LABELS + 8 + spread.least() * scale, LABELS + 8 + spread.most() * scale, y + 8, y + 8,
        LABELS + 14 + spread.most() * scale, y + 13, spread.median());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
