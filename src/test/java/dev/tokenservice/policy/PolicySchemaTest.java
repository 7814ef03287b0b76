package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.TestSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an editor makes of a policy file that names {@code docs/policy.schema.json}. */
class PolicySchemaTest {

    private static final TestSchema SCHEMA = TestSchema.read("docs/policy.schema.json");

    @Test
    void examplesOfThePage_areValid() {
        List<String> policies = MarkdownPage.read("docs/policy.md").blocks("yaml").stream()
                .filter(example -> example.contains("version:"))
                .toList();

        assertThat(policies)
                .isNotEmpty()
                .allSatisfy(policy -> assertThat(SCHEMA.problems(policy)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "version: 2",
                "version: 1\nnonsense: 1",
                "version: 1\nauthorities: [a]",
                "version: 1\nauthorities: {factory: {dnsSuffixes: [.a.example]}}",
                "version: 1\nauthorities: {factory: {trustBundle: a.pem, nonsense: 1}}",
                "version: 1\nauthorities: {forwarded: {trustBundle: a.pem}}",
                "version: 1\nauthorities: {factory: {trustBundle: 7}}"
            })
    void mistake_isMarked(String policy) {
        assertThat(SCHEMA.problems(policy.startsWith("{") ? policy : policy + "\nrules: allow-all\n"))
                .isNotEmpty();
    }
}
