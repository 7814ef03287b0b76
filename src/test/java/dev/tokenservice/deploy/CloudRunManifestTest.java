package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ops/cloud-run/app.yaml} and the headers of {@code scripts/deploy} against what the service knows. */
class CloudRunManifestTest {

    private static final Path MANIFEST = Path.of("ops/cloud-run/app.yaml");

    /** A comment of {@code config.yml} with the load balancer's variable, and the header below it. */
    private static final Pattern HEADER =
            Pattern.compile("# Holds \\{(client_cert_\\w+)}.*?\\n\\s*(?:#.*\\n\\s*)*?(?:# )?\\w+: (X-\\S+)");

    /** Headers for more than the guide is about. */
    private static final Set<String> NOT_IN_THE_GUIDE =
            Set.of("client_cert_chain", "client_cert_subject_dn", "client_cert_issuer_dn");

    @TempDir
    Path folder;

    @Test
    void variables_areKnownToTheService() {
        JsonNode container = Yaml.documents(MANIFEST).get(0).at("/spec/template/spec/containers/0");

        assertThat(TokenServiceConfiguration.model().variables()).containsAll(Yaml.names(container.path("env")));
        assertThat(container.at("/ports/0/containerPort").asInt())
                .isEqualTo(container.at("/startupProbe/httpGet/port").asInt())
                .isEqualTo(container.at("/livenessProbe/httpGet/port").asInt());
    }

    @Test
    void headers_areThoseOfConfigYmlEachWithItsVariable() throws IOException {
        Map<String, String> expected = HEADER.matcher(Files.readString(Path.of("config.yml")))
                .results()
                .filter(header -> !NOT_IN_THE_GUIDE.contains(header.group(1)))
                .collect(Collectors.toMap(
                        header -> header.group(2).toLowerCase(Locale.ROOT), header -> header.group(1)));

        Map<String, String> sent = Pattern.compile("(?m)^(X-[\\w-]+):\\{(\\w+)}$")
                .matcher(Files.readString(Path.of("scripts/deploy.d/mtls.sh")))
                .results()
                .collect(Collectors.toMap(
                        header -> header.group(1).toLowerCase(Locale.ROOT), header -> header.group(2)));

        assertThat(sent).hasSize(11).isEqualTo(expected);
    }

    @Test
    void flattenedManifest_isWhatGcloudWouldPrint() throws Exception {
        Map<String, String> lines = new TreeMap<>();
        flatten(MANIFEST).output().lines().forEach(line -> lines.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));

        assertThat(lines).isEqualTo(Yaml.flatten(Yaml.documents(MANIFEST).get(0)));
    }

    @Test
    void flattenedManifest_listsInEitherStyle_areTheSame() throws Exception {
        Path file = Files.writeString(folder.resolve("app.yaml"), """
                a:
                - name: x
                  value: "1 # 2"
                - name: 'y: z'
                  list:
                    - 1
                    - true
                b: http://example.com:80/
                """);

        assertThat(flatten(file).output().lines())
                .containsExactly(
                        "a[0].name: x",
                        "a[0].value: 1 # 2",
                        "a[1].name: y: z",
                        "a[1].list[0]: 1",
                        "a[1].list[1]: True",
                        "b: http://example.com:80/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a: {b: c}", "a: [b]", "a: &b c", "a: |\n  b", "a: \"b\\n\"", "a: b # c", "\ta: b", "a: 'b"})
    void flattenedManifest_whatIsNotUnderstood_isRefused(String document) throws Exception {
        Command ended = flatten(Files.writeString(folder.resolve("app.yaml"), document + "\n"));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.complaint()).contains("line 1: ");
    }

    private static Command flatten(Path file) {
        return Command.run(
                Path.of("."), Map.of(), List.of("awk", "-f", "scripts/deploy.d/flatten.awk", file.toString()));
    }
}
