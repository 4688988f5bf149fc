package dev.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real house keeps every rule; the broken one breaks every rule. */
class ArchitectureTest {

  private static final String BROKEN_ROOT = "dev.tributary.architecture.broken";
  private static final JavaClasses HOUSE = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.tributary");
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(BROKEN_ROOT);

  static List<ArchRule> rules() {
    return new Rules("dev.tributary").all();
  }

  static List<ArchRule> rulesOfTheBrokenHouse() {
    return new Rules(BROKEN_ROOT).all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void the_house_keeps(ArchRule rule) {
    rule.check(HOUSE);
  }

  @ParameterizedTest
  @MethodSource("rulesOfTheBrokenHouse")
  void it_bites(ArchRule rule) {
    assertThat(rule.evaluate(BROKEN).hasViolation()).as("violated in the broken house").isTrue();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void it_says_why(ArchRule rule) {
    assertThat(rule.getDescription()).contains(", because ");
  }

  /** A package name that is mistyped allows or forbids nothing, and nobody would notice. */
  @ParameterizedTest
  @MethodSource("dev.tributary.architecture.Part#all")
  void what_a_part_names_is_there_and_needed(Part part) {
    Set<JavaClass> own = HOUSE.stream()
        .filter(type -> matches(part.packages("dev.tributary"), type))
        .collect(Collectors.toSet());
    assertThat(own).as("classes of " + part).isNotEmpty();
    assertThat(part.libraries())
        .allSatisfy(library -> assertThat(needs(own, library)).as(part + " needs " + library).isTrue());
  }

  @Test
  void the_house_was_found_whole() {
    assertThat(Part.all()).allSatisfy(
        part -> assertThat(HOUSE.stream().filter(type -> matches(part.packages("dev.tributary"), type)).count())
            .as(part.name())
            .isGreaterThan(3));
  }

  private static boolean needs(Set<JavaClass> own, String library) {
    return own.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(Dependency::getTargetClass)
        .anyMatch(target -> matches(library, target));
  }

  private static boolean matches(String packages, JavaClass type) {
    return PackageMatcher.of(packages).matches(type.getPackageName());
  }
}
