package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples are policies that can be used, and their cases hold. */
class PolicyExamplesTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fleet", "mesh", "clouds"})
    void cases_ofTheExample_hold(String example) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/policy", example))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(String.valueOf(file.getFileName())));
            }
        }
        for (String authority : List.of("factory", "production", "staging")) {
            TestAuthority.write(
                    folder.resolve(authority + ".pem"),
                    TestAuthority.root(authority).certificate());
        }
        Path policy = folder.resolve("policy.yml");

        List<CaseResult> results = new PolicyCases(
                        policy, PolicyContext.NONE, new AuthenticationFactory().clientChecks(), Clock.systemUTC())
                .run(folder.resolve("cases.yml"));

        assertThat(results)
                .hasSizeGreaterThan(5)
                .allSatisfy(result -> assertThat(result.differences())
                        .describedAs(result.name())
                        .isEmpty());
        assertThat(new PolicyFile(policy, PolicyContext.NONE, Clock.systemUTC())
                        .get()
                        .warnings())
                .isEmpty();
    }
}
