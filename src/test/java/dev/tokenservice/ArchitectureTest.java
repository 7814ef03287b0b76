package dev.tokenservice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may import which. A sub-package is a package of its own here, with its own line and its own rights. */
class ArchitectureTest {

    private static final String ROOT = "dev.tokenservice";

    /** What each package may import of ours. */
    private static final Map<String, Set<String>> ROOMS = new TreeMap<>(Map.ofEntries(
            // Nothing of ours.
            Map.entry("oauth", Set.of()),
            Map.entry("identity", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("cryptography", Set.of()),
            Map.entry("outbound", Set.of("identity")),
            // What every room above may import, with the two words "oauth" and "identity".
            Map.entry("telemetry", Set.of("configuration", "files", "identity", "oauth")),
            Map.entry("configuration", Set.of("oauth", "files")),
            Map.entry("x509", common("files", "outbound")),
            Map.entry("tls", common("cryptography", "files", "x509")),
            Map.entry("policy", common("files", "policy.cel", "x509")),
            Map.entry("policy.cel", Set.of("configuration", "identity")),
            Map.entry("google", common("files", "outbound")),
            Map.entry("signing.pkcs11", Set.of("configuration", "files", "telemetry")),
            Map.entry("signing", common("cryptography", "files", "google", "outbound", "signing.pkcs11", "x509")),
            Map.entry("health", Set.of()),
            Map.entry("authentication", common("files", "policy", "tls", "x509")),
            Map.entry("authentication.sources", common("authentication", "tls", "x509")),
            Map.entry("token", common("google", "outbound", "policy", "signing")),
            Map.entry("api", common("authentication", "health", "outbound", "policy", "signing", "token")),
            Map.entry("server", common("api", "tls")),
            Map.entry(
                    "doctor",
                    common(
                            "authentication",
                            "cryptography",
                            "files",
                            "google",
                            "health",
                            "outbound",
                            "policy",
                            "server",
                            "signing",
                            "tls",
                            "token",
                            "x509"))));

    /** A package description names what the package imports, all of it, in one sentence. */
    private static final Pattern IMPORTS = Pattern.compile("\\* <p>Imports ([^.]*(?:\\.\\w[^.]*)*)\\.");

    private static final Pattern NAME = Pattern.compile("\\{@code ([\\w.]+)}");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static Set<String> common(String... others) {
        Set<String> rooms = new TreeSet<>(Set.of("configuration", "identity", "oauth", "telemetry"));
        rooms.addAll(Set.of(others));
        return rooms;
    }

    static Stream<Arguments> rooms() {
        return ROOMS.entrySet().stream().map(room -> arguments(room.getKey(), room.getValue()));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_importsNothingButItsNeighbours(String room, Set<String> neighbours) {
        assertThat(imports(room)).isSubsetOf(neighbours);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_describesWhatItImports(String room, Set<String> neighbours) throws IOException {
        assertThat(described(room)).isEqualTo(imports(room));
    }

    @Test
    void rooms_areAllInTheTable() {
        Set<String> found = CLASSES.getPackage(ROOT).getSubpackagesInTree().stream()
                .filter(room -> !room.getClasses().isEmpty())
                .map(room -> relative(room.getName()))
                .collect(toCollection(TreeSet::new));

        assertThat(found).isEqualTo(ROOMS.keySet());
    }

    @Test
    void rooms_haveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
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
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
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

    private static Set<String> imports(String room) {
        return CLASSES.getPackage(ROOT + "." + room).getClasses().stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .map(JavaClass::getPackageName)
                .filter(name -> name.equals(ROOT) || name.startsWith(ROOT + "."))
                .map(ArchitectureTest::relative)
                .filter(name -> !name.equals(room))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> described(String room) throws IOException {
        String text = Files.readString(
                Path.of("src/main/java/dev/tokenservice", room.replace('.', '/'), "package-info.java"));
        Matcher sentence = IMPORTS.matcher(text.replaceAll("\\s+\\*\\s(?!<p>)", " "));
        Set<String> names = new TreeSet<>();
        if (sentence.find()) {
            Matcher name = NAME.matcher(sentence.group(1));
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    private static String relative(String packageName) {
        return packageName.equals(ROOT) ? "(root)" : packageName.substring(ROOT.length() + 1);
    }
}
