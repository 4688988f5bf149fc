package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of a page in docs, between two marks: what stands around them is written by hand and stays. */
final class Report {

  private static final String BEGIN = "<!-- what follows is written by ./benchmarks/run -->";
  private static final String END = "<!-- what precedes is written by ./benchmarks/run -->";

  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  Report(Path folder) {
    this.folder = folder;
  }

  void section(String title) {
    text.append("\n## ").append(title).append("\n\n");
  }

  void paragraph(String words) {
    text.append(words).append("\n\n");
  }

  void table(List<String> columns, List<List<String>> rows) {
    row(columns);
    text.append("|---".repeat(columns.size())).append("|\n");
    rows.forEach(this::row);
    text.append('\n');
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Ratios to the second contender first, then what they are made of; and a picture of the same. */
  void contest(String title, String picture, String unit, Map<String, List<Run>> runs) throws IOException {
    List<String> names = List.copyOf(runs.keySet());
    List<Run> measure = runs.getOrDefault(names.get(1), List.of());
    var rows = new ArrayList<List<String>>();
    var bars = new ArrayList<Plot.Bar>();
    runs.forEach((name, measured) -> {
      Spread rate = Spread.of(measured, Run::perSecond);
      Spread ratio = ratio(measured, measure);
      rows.add(List.of(name, "**%.2f**".formatted(ratio.median()), "%.2f–%.2f".formatted(ratio.least(), ratio.most()),
          "%,.0f".formatted(rate.median()), "%,.0f–%,.0f".formatted(rate.least(), rate.most()),
          "%.1f".formatted(Spread.of(measured, Run::ownCpu).median()),
          "%.1f".formatted(Spread.of(measured, Run::redisCpu).median())));
      bars.add(new Plot.Bar(name, rate));
    });
    paragraph("**" + title + "**");
    table(List.of("", "ratio", "its spread", unit + "/s", "spread", "CPU µs here", "CPU µs in redis-server"), rows);
    Plot.write(folder.resolve("images").resolve(picture), title + ", " + unit + "/s", bars);
    paragraph("![" + title + "](images/" + picture + ")");
  }

  /** Round by round: what the machine did meanwhile falls upon both. */
  private static Spread ratio(List<Run> measured, List<Run> measure) {
    double[] ratios = new double[measured.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = measured.get(i).perSecond() / measure.get(i).perSecond();
    }
    return Spread.of(ratios);
  }

  /** @throws IOException if the page has lost its marks */
  void write(String page) throws IOException {
    Path file = folder.resolve(page);
    String whole = Files.readString(file);
    int begin = whole.indexOf(BEGIN);
    int end = whole.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(file + " has not the lines " + BEGIN + " and " + END);
    }
    Files.writeString(file,
        whole.substring(0, begin + BEGIN.length()) + "\n" + text + whole.substring(end));
  }
}
