package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TokenServiceConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearMissesTest {

    private static final Set<String> KNOWN = TokenServiceConfiguration.model().variables();
    private static final NearMisses NEAR_MISSES = new NearMisses(KNOWN);

    @ParameterizedTest
    @CsvSource({
        "WORKLOAD_IDENTITY_POOLID, WORKLOAD_IDENTITY_POOL_ID",
        "WORKLOAD_IDENTITY_PROJECT_ID, WORKLOAD_IDENTITY_P",
        "TOKEN_ISUER, TOKEN_ISSUER",
        "TOKEN_AUDIENCE_, TOKEN_AUDIENCE",
        "AUTH_FLOW, AUTH_FLOWS",
        "SIGNING_KEY, SIGNING_KEYS",
        "MTLS_HEADER_CLIENT_CERT_HASH, MTLS_HEADER_CLIENT_CERT_",
        "token_issuer, TOKEN_ISSUER",
        "LOGLEVEL, LOG_LEVEL",
        "ADMINPORT, ADMIN_PORT"
    })
    void name_nearlyKnown_drawsAWarning(String name, String meant) {
        Map<String, String> misses = NEAR_MISSES.among(List.of("PATH", name));

        assertThat(misses).containsOnlyKeys(name);
        assertThat(misses.get(name)).startsWith(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "POST",
                "SORT",
                "K_SERVICE",
                "K_REVISION",
                "K_CONFIGURATION",
                "JAVA_HOME",
                "LANG",
                "HOSTNAME",
                "KUBERNETES_PORT",
                "TOKEN_SERVICE_PORT",
                "SSL_CERT_FILE",
                "TERM",
                "SIGNAL"
            })
    void name_knownOrOfOthers_drawsNone(String name) {
        assertThat(NEAR_MISSES.among(List.of(name))).isEmpty();
    }

    @Test
    void names_ofOurs_drawNone() {
        assertThat(NEAR_MISSES.among(KNOWN)).isEmpty();
    }
}
