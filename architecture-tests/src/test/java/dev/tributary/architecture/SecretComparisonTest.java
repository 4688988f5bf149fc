package dev.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The operators' token is compared in one class, and there in a time that does not tell how much of a guess is right: by
 * {@code MessageDigest.isEqual}, of HMACs, so that not even the length shows.
 */
class SecretComparisonTest {

  private static final String ACCESS = "dev.tributary.adapters.http.OpsAccess";
  private static final JavaClasses HOUSE = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.tributary");

  @Test
  void only_three_methods_touch_the_token() {
    JavaClass access = HOUSE.get(ACCESS);
    assertThat(access.getField("token").getAccessesToSelf()).extracting(use -> use.getOrigin().getName())
        .containsOnly("<init>", "isToken", "signature");
  }

  @Test
  void what_knows_the_token_or_a_signature_compares_in_constant_time() {
    List<JavaCodeUnit> comparing = HOUSE.get(ACCESS)
        .getCodeUnits()
        .stream()
        .filter(unit -> calls(unit).contains("isEqual"))
        .toList();
    assertThat(comparing).extracting(JavaCodeUnit::getName).containsExactlyInAnyOrder("isToken", "hasSession");
    assertThat(comparing).allSatisfy(unit -> assertThat(calls(unit))
        .doesNotContain("equals", "equalsIgnoreCase", "contentEquals", "compareTo", "compare", "mismatch")
        .containsAnyOf("hmac", "signature"));
  }

  @Test
  void nobody_else_is_given_the_token() {
    Set<String> readers = HOUSE.stream()
        .flatMap(type -> type.getMethodCallsFromSelf().stream())
        .filter(call -> call.getTargetOwner().getSimpleName().equals("HttpSettings")
            && call.getName().equals("opsToken"))
        .map(call -> call.getOriginOwner().getSimpleName())
        .collect(Collectors.toSet());
    assertThat(readers).containsExactly("HttpApi");
  }

  private static Set<String> calls(JavaCodeUnit unit) {
    return unit.getMethodCallsFromSelf().stream().map(JavaMethodCall::getName).collect(Collectors.toSet());
  }
}
