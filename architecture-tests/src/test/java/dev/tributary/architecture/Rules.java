package dev.tributary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.tributary.domain.DomainEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules, for a house below any root package: the real one, and the one in which all of them are broken.
 *
 * @param root the package above all parts
 */
record Rules(String root) {

  private static final Set<String> DOORS = Set.of("MemoryMessaging", "MemorySettings", "RedisMessaging",
      "RedisSettings", "HttpApi",
      "HttpSettings", "Gateways", "GatewaySettings", "Metrics", "Traces", "TraceSettings");
  private static final Set<String> DOORS_OF_EVENTS = Set.of("EventCodec", "WrittenEntry", "EntryFields",
      "UndecodableException", "Json", "Fields", "Values");
  private static final Set<String> CLOCKS = Set.of("java.time.Clock", "java.time.InstantSource", "java.util.Random",
      "java.lang.Thread",
      "java.util.Timer");
  private static final Set<String> READS = Set.of("now", "currentTimeMillis", "nanoTime", "randomUUID", "random");

  List<ArchRule> all() {
    var rules = new ArrayList<ArchRule>();
    Part.all().forEach(part -> rules.add(dependsOnlyOnWhatItMay(part)));
    rules.addAll(List.of(guiceOnlyInBootstrap(), lettuceOnlyInRedis(), javalinOnlyInHttp(), openTelemetryOnlyInTraces(),
        everyClassHasOnePart(),
        noCycles(), domainTypes(),
        domainIsPure(), eventsAreRecords(), eventsAreInThePastTense(), portsSpeakTheDomain(), oneDoor(),
        eventJsonHasItsDoor(),
        onlyScriptLoadsLua(), nobodyAcknowledges(),
        noThreadLocals(), noSynchronizedMethods(), noPrinting(), noGenericExceptions(), noFieldInjection(),
        everyPackageIsIntroduced()));
    return rules;
  }

  private ArchRule dependsOnlyOnWhatItMay(Part part) {
    return classes().that()
        .resideInAPackage(part.packages(root))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(part.allowed(root))
        .as(part + " depends only on what is listed for it")
        .because("an allow-list keeps the next dependency out as well, and lets no adapter know another");
  }

  private ArchRule guiceOnlyInBootstrap() {
    return only("com.google.inject..", Part.BOOTSTRAP, "Guice is used only in bootstrap",
        "adapters and use cases are plain constructors");
  }

  private ArchRule lettuceOnlyInRedis() {
    return only("io.lettuce..", Part.REDIS, "Lettuce is used only in adapters-redis, and measured in benchmarks",
        "another messaging adapter must be able to replace it");
  }

  private ArchRule javalinOnlyInHttp() {
    return only("io.javalin..", Part.HTTP, "Javalin is used only in adapters-http, and measured in benchmarks",
        "the front is thin and can be replaced");
  }

  private ArchRule openTelemetryOnlyInTraces() {
    return only("io.opentelemetry..", Part.TRACES, "OpenTelemetry is used only in adapters-traces",
        "what is traced knows a port, and runs as well without");
  }

  private ArchRule only(String library, Part part, String name, String reason) {
    return noClasses().that()
        .resideOutsideOfPackages(part.packages(root), Part.BENCHMARKS.packages(root))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as(name)
        .because(reason);
  }

  private ArchRule everyClassHasOnePart() {
    return classes().should(satisfy("belong to exactly one part",
        type -> Part.all().stream().filter(part -> resides(type, part)).count() == 1))
        .as("Every class belongs to exactly one part")
        .because("a class that is nowhere is under no rule");
  }

  private boolean resides(JavaClass type, Part part) {
    return JavaClass.Predicates.resideInAPackage(part.packages(root)).test(type);
  }

  private ArchRule noCycles() {
    return slices().matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .as("Packages form no cycle")
        .because("what depends on each other is one package");
  }

  private ArchRule domainTypes() {
    return classes().that()
        .resideInAPackage(Part.DOMAIN.packages(root))
        .should(satisfy("be a value, a choice or a port", Rules::isDomainType))
        .as("Domain types are records, enums, interfaces, or final classes with only static methods")
        .because("the domain decides, and holds nothing that changes");
  }

  private static boolean isDomainType(JavaClass type) {
    return type.isRecord() || type.isEnum() || type.isInterface() || (type.getModifiers().contains(JavaModifier.FINAL)
        && type.getMethods().stream().allMatch(method -> method.getModifiers().contains(JavaModifier.STATIC))
        && type.getConstructors()
            .stream()
            .allMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PRIVATE)));
  }

  private ArchRule domainIsPure() {
    return noClasses().that()
        .resideInAPackage(Part.DOMAIN.packages(root))
        .should()
        .accessTargetWhere(impure())
        .as("The domain reads no clock and no randomness and starts no thread")
        .because("deciding twice must give the same");
  }

  private static DescribedPredicate<JavaAccess<?>> impure() {
    return DescribedPredicate.describe("is a clock, a random source or a thread",
        access -> CLOCKS.contains(access.getTargetOwner().getName()) || READS.contains(access.getTarget().getName()));
  }

  private ArchRule eventsAreRecords() {
    return classes().that()
        .areAssignableTo(DomainEvent.class)
        .should(satisfy("be a record of a sealed family",
            type -> type.isInterface()
                || (type.isRecord() && type.getRawInterfaces().stream().allMatch(Rules::isSealed))))
        .as("Events are records of a sealed family")
        .because("a handler's switch must see when an event is added");
  }

  private static boolean isSealed(JavaClass type) {
    return type.reflect().isSealed();
  }

  private ArchRule eventsAreInThePastTense() {
    return classes().that()
        .areAssignableTo(DomainEvent.class)
        .and()
        .areNotInterfaces()
        .should()
        .haveNameMatching(".*(ed|Paid|Sent)")
        .as("Events are named in the past tense")
        .because("they have happened, nobody can refuse them");
  }

  private ArchRule portsSpeakTheDomain() {
    return methods().that()
        .areDeclaredInClassesThat()
        .areInterfaces()
        .and()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(Part.DOMAIN.packages(root), Part.APPLICATION.packages(root))
        .should(speakTheDomain())
        .as("Port signatures mention only JDK, domain and application types, and no futures")
        .because("ports block: concurrency is virtual threads, and no library leaks");
  }

  private ArchCondition<JavaMethod> speakTheDomain() {
    return new ArchCondition<>("mention only JDK, domain and application types") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(type -> !isSpoken(type))
            .forEach(type -> events
                .add(SimpleConditionEvent.violated(method, method.getFullName() + " mentions " + type.getName())));
      }
    };
  }

  private boolean isSpoken(JavaClass type) {
    boolean ours = resides(type, Part.DOMAIN) || resides(type, Part.APPLICATION);
    boolean ofTheJdk = type.isPrimitive()
        || (type.getPackageName().startsWith("java.") && !type.getPackageName().equals("java.util.concurrent"));
    return ours || ofTheJdk;
  }

  private ArchRule oneDoor() {
    return onlyTheseArePublic(root + ".adapters..", DOORS, "In an adapter only the door and its settings are public",
        "what nobody can reach can be changed");
  }

  private ArchRule eventJsonHasItsDoor() {
    return onlyTheseArePublic(Part.EVENT_JSON.packages(root), DOORS_OF_EVENTS,
        "Of event-json only the codec and the tools for states are public",
        "how an event stands in JSON is told in one place, and no adapter goes round it");
  }

  private static ArchRule onlyTheseArePublic(String packages, Set<String> doors, String name, String reason) {
    return classes().that()
        .resideInAPackage(packages)
        .and()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should(satisfy("be one of " + doors, type -> doors.contains(type.getSimpleName())))
        .as(name)
        .because(reason);
  }

  private ArchRule onlyScriptLoadsLua() {
    return noClasses().that()
        .resideInAPackage(Part.REDIS.packages(root))
        .and()
        .doNotHaveSimpleName("Script")
        .should()
        .accessTargetWhere(DescribedPredicate.describe("loads or runs Lua",
            access -> Set.of("eval", "evalsha", "evalReadOnly", "scriptLoad", "getResourceAsStream")
                .contains(access.getTarget().getName())))
        .as("Only Script loads and runs Lua")
        .because("each script has one name, one text and one digest");
  }

  private ArchRule nobodyAcknowledges() {
    return noClasses().that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(Part.BENCHMARKS.packages(root))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe("is xack", access -> access.getTarget().getName().equals("xack")))
        .as("Nothing in Java acknowledges, but what we are compared with")
        .because("XACK checks no owner: only a script does, behind its fence");
  }

  private ArchRule noThreadLocals() {
    return noFields().should()
        .haveRawType(DescribedPredicate.describe("a ThreadLocal", type -> type.isAssignableTo(ThreadLocal.class)))
        .as("There is no ThreadLocal")
        .because("virtual threads are many and short-lived");
  }

  private ArchRule noSynchronizedMethods() {
    return noMethods().should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .as("No method is synchronized")
        .because("a lock that everybody can take is nobody's");
  }

  private ArchRule noPrinting() {
    return noClasses().that()
        .doNotHaveSimpleName("Main")
        .should()
        .accessTargetWhere(DescribedPredicate.describe("is System.out or System.err",
            access -> access.getTargetOwner().isEquivalentTo(System.class)
                && Set.of("out", "err").contains(access.getTarget().getName())))
        .as("Only Main prints")
        .because("what happens is logged, where it can be found");
  }

  private ArchRule noGenericExceptions() {
    return noClasses().should()
        .accessTargetWhere(DescribedPredicate.describe("makes a generic exception",
            access -> access.getTarget().getName().equals("<init>")
                && Set.of("java.lang.Exception", "java.lang.RuntimeException", "java.lang.Error", "java.lang.Throwable")
                    .contains(access.getTargetOwner().getName())
                && !access.getOriginOwner().isAssignableTo(Throwable.class)))
        .as("Nobody throws a generic exception")
        .because("whoever catches it cannot tell what went wrong");
  }

  private ArchRule noFieldInjection() {
    return fields().should(new ArchCondition<>("not be injected") {
      @Override
      public void check(com.tngtech.archunit.core.domain.JavaField field, ConditionEvents events) {
        if (field.getAnnotations()
            .stream()
            .anyMatch(annotation -> annotation.getRawType().getSimpleName().equals("Inject"))) {
          events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is injected"));
        }
      }
    }).as("No field is injected").because("a constructor says what a class needs");
  }

  private ArchRule everyPackageIsIntroduced() {
    return classes()
        .should(satisfy("stand in a package with a package-info",
            type -> type.getPackage().tryGetPackageInfo().isPresent()))
        .as("Every package has a package-info")
        .because("it says what the package is for, and turns null checking on");
  }

  private static ArchCondition<JavaClass> satisfy(String description, Predicate<JavaClass> condition) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!condition.test(type)) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " does not " + description));
        }
      }
    };
  }
}
