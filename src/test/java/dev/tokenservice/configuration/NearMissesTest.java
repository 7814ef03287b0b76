package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearMissesTest {

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
        List<String> warnings = NearMisses.warnings(List.of("PATH", name));

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains(" " + name + " ").contains("did you mean " + meant);
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
        assertThat(NearMisses.warnings(List.of(name))).isEmpty();
    }

    @Test
    void names_ofOurs_drawNone() {
        assertThat(NearMisses.warnings(Variables.names())).isEmpty();
    }
}
