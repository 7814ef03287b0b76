package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.jackson.Jackson;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a secret, and wherever in the file it stands by mistake: no message repeats it. */
class SecretSettingsTest {

    private static void build(String yaml, Map<String, String> environment) throws Exception {
        new ServiceConfigurationFactory<>(
                        TokenServiceConfiguration.model(),
                        TestValidators.SHARED.getValidator(),
                        Jackson.newObjectMapper(),
                        environment)
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{proxy: {secrets: hunter2}}",
                "{proxy: {secrets: ['hunter2 with a space']}}",
                "{proxy: {secrets: ['hunter2', '']}}",
                "{proxy: {secrets: ['hunter2', {a: hunter2}]}}",
                "{proxy: {secret: hunter2}}",
                "{proxy: {secret: {value: hunter2}}}",
                "{proxy: hunter2}",
                "{proxy: [hunter2]}",
                "[hunter2]",
            })
    void build_secretAtAWrongPlace_isRefusedAndNotRepeated(String authentication) {
        assertThatThrownBy(() -> build("authentication: " + authentication, Map.of()))
                .hasMessageContaining("authentication")
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2 x", "hunter2,", ",hunter2", "hunter2\u00e9"})
    void build_badSecretInTheEnvironment_isRefusedAndNotRepeated(String secret) {
        assertThatThrownBy(() -> build("", Map.of("PROXY_SECRET", secret)))
                .hasMessageContaining("authentication.proxy.secrets[")
                .hasMessageContaining("] (PROXY_SECRET)")
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void build_emptySecret_isRefusedAndNotTakenForNone(String secret) {
        assertThatThrownBy(() -> build("", Map.of("PROXY_SECRET", secret))).hasMessageContaining("set but empty");
    }

    @Test
    void build_otherSettingOfTheGroup_isRepeated() {
        assertThatThrownBy(() -> build("", Map.of("TRUSTED_PROXIES", "10.0.0.1/8")))
                .hasMessageContaining("authentication.proxy.addresses[0] (TRUSTED_PROXIES): found")
                .hasMessageContaining("10.0.0.1/8")
                .hasMessageContaining("first address");
        assertThatThrownBy(() -> build("", Map.of("PROXY_SECRET_HEADER", "a b")))
                .hasMessageContaining("'a b'");
    }
}
