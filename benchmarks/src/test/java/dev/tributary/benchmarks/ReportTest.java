package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final String AROUND = """
      # By hand
      <!-- what follows is written by ./benchmarks/run -->
      old
      <!-- what precedes is written by ./benchmarks/run -->
      By hand as well
      """;

  @TempDir
  Path folder;

  @Test
  void replaces_what_it_wrote_and_nothing_else() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), AROUND);
    var report = new Report(folder);
    report.table(List.of("a", "b"), List.of(List.of("1", "2")));
    report.write("page.md");
    assertThat(page).content()
        .startsWith("# By hand\n")
        .endsWith("By hand as well\n")
        .doesNotContain("old")
        .contains("| a | b |\n|---|---|\n| 1 | 2 |\n");
    report.write("page.md");
    assertThat(page).content().containsOnlyOnce("| 1 | 2 |");
  }

  @Test
  void compares_round_by_round_with_the_second() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), AROUND);
    var runs = new LinkedHashMap<String, List<Run>>();
    runs.put("ours", List.of(run(2), run(1), run(4)));
    runs.put("theirs", List.of(run(2), run(2), run(2)));
    var report = new Report(folder);
    report.contest("Work & such", "work.svg", "events", runs);
    report.write("page.md");
    assertThat(page).content().contains("| ours | **1.00** | 0.50–2.00 | 500 | 250–1,000 |");
    assertThat(folder.resolve("images/work.svg")).content().startsWith("<svg ").contains("Work &amp; such");
  }

  @Test
  void what_grows_is_flat_up_to_1_3_times_the_smallest() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), AROUND);
    var runs = new LinkedHashMap<String, List<Run>>();
    runs.put("1", List.of(cost(10, 20), cost(20, 20), cost(10, 10)));
    runs.put("2", List.of(cost(13, 20), cost(26, 20), cost(10, 10)));
    runs.put("3", List.of(cost(10, 28), cost(20, 28), cost(10, 10)));
    var report = new Report(folder);
    report.growth("Growing", "growing.svg", runs);
    report.write("page.md");
    assertThat(page).content()
        .contains("| 2 | **1.00** | 1.00–1.00 | **1.30** | 1.00–1.30 | 20.0 | 13.0 | 500 | yes |")
        .contains("| 3 | **1.40** | 1.00–1.40 | **1.00** | 1.00–1.00 | 28.0 | 10.0 | 500 | **no** |");
    assertThat(folder.resolve("images/growing.svg")).content().contains("3, redis-server").contains("3, our process");
  }

  private static Run cost(int own, int redis) {
    return new Run(1_000, 2, own, redis);
  }

  private static Run run(int seconds) {
    return new Run(1_000, seconds, 1, 1);
  }

  @Test
  void a_page_without_its_marks_is_left_alone() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "by hand\n");
    assertThatThrownBy(() -> new Report(folder).write("page.md")).isInstanceOf(IOException.class)
        .hasMessageContaining("page.md");
    assertThat(page).content().isEqualTo("by hand\n");
  }
}
