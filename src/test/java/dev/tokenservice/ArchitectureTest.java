package dev.tokenservice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may import which, as each one's description says. */
class ArchitectureTest {

    private static final String ROOT = "dev.tokenservice";

    /** What each package may import of ours. Telemetry may be imported by all but the two at the bottom. */
    private static final Map<String, Set<String>> ROOMS = new TreeMap<>(Map.ofEntries(
            Map.entry("oauth", Set.of()),
            Map.entry("identity", Set.of()),
            Map.entry("telemetry", Set.of("identity", "oauth")),
            Map.entry("mtls", Set.of("configuration", "identity", "oauth", "telemetry")),
            Map.entry("policy", Set.of("identity", "oauth", "telemetry")),
            Map.entry("google", Set.of("oauth", "telemetry")),
            Map.entry("signing", Set.of("configuration", "google", "telemetry")),
            Map.entry("token", Set.of("oauth", "identity", "policy", "signing", "google", "telemetry")),
            Map.entry("resources", Set.of("oauth", "identity", "mtls", "token", "signing", "telemetry")),
            Map.entry("server", Set.of("mtls", "oauth", "resources", "telemetry")),
            Map.entry("health", Set.of("google", "oauth", "signing", "telemetry")),
            Map.entry("configuration", Set.of("oauth", "telemetry")),
            Map.entry(
                    "cli",
                    Set.of(
                            "configuration",
                            "google",
                            "health",
                            "identity",
                            "mtls",
                            "oauth",
                            "policy",
                            "server",
                            "signing",
                            "telemetry",
                            "token"))));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    static Stream<Arguments> rooms() {
        return ROOMS.entrySet().stream().map(room -> arguments(room.getKey(), room.getValue()));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_importsNothingButItsNeighbours(String room, Set<String> neighbours) {
        String[] packages = Stream.concat(Stream.of(room), neighbours.stream())
                .map(name -> ROOT + "." + name + "..")
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> allowed =
                resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(packages));

        classes()
                .that(in(room))
                .should()
                .onlyDependOnClassesThat(allowed.as("are in " + neighbours))
                .check(CLASSES);
    }

    @Test
    void rooms_areAllInTheTable() {
        Set<String> found = new TreeSet<>();
        for (JavaPackage room : CLASSES.getPackage(ROOT).getSubpackages()) {
            found.add(room.getRelativeName());
        }

        assertThat(found).isEqualTo(ROOMS.keySet());
    }

    @Test
    void rooms_haveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void root_isImportedByNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("domain")
    void domain_knowsNothingOfJerseyAndJetty(String room) {
        noClasses()
                .that(in(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "org.glassfish..", "org.eclipse.jetty..", "jakarta.servlet..")
                .check(CLASSES);
    }

    static Stream<String> domain() {
        return Stream.of("oauth", "identity", "policy", "token", "signing", "google");
    }

    @Test
    void packages_areAllNullMarked() {
        for (JavaPackage everyPackage : CLASSES.getPackage(ROOT).getSubpackagesInTree()) {
            assertThat(everyPackage.isAnnotatedWith(NullMarked.class))
                    .as("@NullMarked on %s", everyPackage.getName())
                    .isTrue();
        }
        assertThat(CLASSES.getPackage(ROOT).isAnnotatedWith(NullMarked.class)).isTrue();
    }

    private static DescribedPredicate<JavaClass> in(String room) {
        return resideInAPackage(ROOT + "." + room + "..");
    }
}
