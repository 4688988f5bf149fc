package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The tables of a page in docs, between two marks: what stands around them is written by hand and stays. */
final class Report {

  private static final String BEGIN = "<!-- what follows is written by ./benchmarks/run -->";
  private static final String END = "<!-- what precedes is written by ./benchmarks/run -->";

  /** As many times the smallest's cost as a larger one's may be. */
  private static final double FLAT = 1.3;
  private static final double MICROS_PER_PERCENT = 10_000;

  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  Report(Path folder) {
    this.folder = folder;
  }

  void section(String title) {
    text.append("\n## ").append(title).append("\n\n");
  }

  void subsection(String title) {
    text.append("\n### ").append(title).append("\n\n");
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
      Spread ratio = ratio(measured, measure, Run::perSecond);
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

  /** What an event costs at each level, and how much more that is than at the first. */
  void growth(String title, String picture, Map<String, List<Run>> runs) throws IOException {
    List<Run> smallest = runs.values().iterator().next();
    var rows = new ArrayList<List<String>>();
    var bars = new ArrayList<Plot.Bar>();
    runs.forEach((name, measured) -> {
      Spread inRedis = ratio(measured, smallest, Run::redisCpu);
      Spread here = ratio(measured, smallest, Run::ownCpu);
      rows.add(List.of(name, "**%.2f**".formatted(inRedis.median()),
          "%.2f–%.2f".formatted(inRedis.least(), inRedis.most()), "**%.2f**".formatted(here.median()),
          "%.2f–%.2f".formatted(here.least(), here.most()), median(measured, Run::redisCpu),
          median(measured, Run::ownCpu), "%,.0f".formatted(Spread.of(measured, Run::perSecond).median()),
          isFlat(inRedis) && isFlat(here) ? "yes" : "**no**"));
      bars.add(new Plot.Bar(name + ", redis-server", Spread.of(measured, Run::redisCpu)));
      bars.add(new Plot.Bar(name + ", our process", Spread.of(measured, Run::ownCpu)));
    });
    section(title);
    table(List.of("", "Redis, ratio", "spread", "ours, ratio", "spread", "CPU µs in redis-server", "CPU µs here",
        "events/s", "flat"), rows);
    Plot.write(folder.resolve("images").resolve(picture), title + ": CPU µs an event", bars);
    paragraph("![" + title + ": CPU µs an event](images/" + picture + ")");
  }

  private static boolean isFlat(Spread ratio) {
    return ratio.median() <= FLAT;
  }

  private static String median(List<Run> measured, ToDoubleFunction<Run> cost) {
    return "%.1f".formatted(Spread.of(measured, cost).median());
  }

  /** Of one core; the runs' events are seconds. */
  void idle(Map<String, List<Run>> runs) {
    section("Idle");
    table(List.of("", "% of a core in redis-server", "spread", "% of a core here", "spread"),
        runs.entrySet().stream().map(level -> {
          Spread inRedis = Spread.of(level.getValue(), run -> run.redisCpu() / MICROS_PER_PERCENT);
          Spread here = Spread.of(level.getValue(), run -> run.ownCpu() / MICROS_PER_PERCENT);
          return List.of(level.getKey(), "%.2f".formatted(inRedis.median()),
              "%.2f–%.2f".formatted(inRedis.least(), inRedis.most()), "%.1f".formatted(here.median()),
              "%.1f–%.1f".formatted(here.least(), here.most()));
        }).toList());
  }

  void takeover(Map<String, List<Double>> seconds) {
    section("Takeover");
    seconds("LEASE", "s until all is settled by another", seconds);
  }

  void rebalancing(Map<String, List<Double>> seconds) {
    section("Rebalancing");
    seconds("of 64 partitions", "s until all shares are even", seconds);
  }

  private void seconds(String of, String until, Map<String, List<Double>> seconds) {
    table(List.of(of, until, "spread"), seconds.entrySet().stream().map(row -> {
      Spread spread = Spread.of(row.getValue(), Double::doubleValue);
      return List.of(row.getKey(), "%.2f".formatted(spread.median()),
          "%.2f–%.2f".formatted(spread.least(), spread.most()));
    }).toList());
  }

  /** Round by round: what the machine did meanwhile falls upon both. */
  private static Spread ratio(List<Run> measured, List<Run> measure, ToDoubleFunction<Run> number) {
    double[] ratios = new double[measured.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = number.applyAsDouble(measured.get(i)) / number.applyAsDouble(measure.get(i));
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
