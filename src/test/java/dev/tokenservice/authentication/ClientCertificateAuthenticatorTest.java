package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientIdAttribute;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.DeniedCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a verified certificate counts now, and who its client is. */
class ClientCertificateAuthenticatorTest {

    private static final String HASH = "A".repeat(43);
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private DeniedCertificates denied = DeniedCertificates.NONE;

    private final ClientCertificateAuthenticator authenticator = new ClientCertificateAuthenticator(
            new ClientIds(Optional.empty(), Optional.of(ClientIdAttribute.DNS_SAN)),
            new CertificateStatus(() -> denied, Clock.fixed(NOW, ZoneOffset.UTC)));

    @Test
    void authenticate_oneName_isTheClientId() {
        assertThat(authenticator
                        .authenticate(presented(-60, 3600, "robot.example"))
                        .map(ClientPrincipal::clientId))
                .contains("robot.example");
    }

    @ParameterizedTest
    @CsvSource({
        "'',        NO_CLIENT_ID,        the certificate has no DNS SAN to use as client id",
        "a;b,       AMBIGUOUS_CLIENT_ID, 'the certificate has several values of DNS SAN, and none can be the client id'",
        "'a,b',     NO_CLIENT_ID,        a DNS SAN with a comma cannot be a client id"
    })
    void authenticate_notExactlyOneName_isRefused(String names, ReasonCode reason, String description) {
        Refusal refusal = refusal(presented(-60, 3600, names.isEmpty() ? new String[0] : names.split(";")));

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.description()).isEqualTo(description);
        assertThat(refusal.detail().orElse("")).contains("MTLS_HEADER_CLIENT_ID");
    }

    @ParameterizedTest
    @CsvSource({"60, 3600", "-3600, 60"})
    void authenticate_validByASecond_isTaken(long fromNow, long untilNow) {
        assertThatCode(() -> authenticator.authenticate(presented(fromNow, untilNow, "a")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"61, 3600, NOT_YET_VALID", "-3600, 59, EXPIRED", "-3600, -1, EXPIRED"})
    void authenticate_outsideItsValidity_isRefused(long fromNow, long untilNow, ReasonCode reason) {
        Refusal refusal = refusal(presented(fromNow, untilNow, "a"));

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.description())
                .isEqualTo(
                        reason == ReasonCode.EXPIRED
                                ? "the client certificate is expired, or expires within 60 seconds: renew it"
                                : "the client certificate is not valid yet");
        assertThat(refusal.detail().orElse("")).contains("the certificate is valid ");
    }

    @Test
    void authenticate_validityThatTheProxyDoesNotTell_refusesNobody() {
        ClientCertificate untold = ClientCertificate.ofUris(
                List.of(), List.of("a"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(authenticator.authenticate(new VerifiedClient("flow", Optional.empty(), Optional.empty(), untold)))
                .contains(new ClientPrincipal("a", "flow", "default", untold));
    }

    @Test
    void authenticate_deniedCertificate_isRefusedFromThenOn(@TempDir Path folder) throws IOException {
        assertThat(authenticator.authenticate(presented(-60, 3600, "a"))).isPresent();

        Path list = Files.writeString(folder.resolve("denied"), HASH + "\n");
        denied = DeniedCertificates.read(list);

        assertThat(refusal(presented(-60, 3600, "a")).reason()).isEqualTo(ReasonCode.DENIED);
    }

    private Refusal refusal(VerifiedClient presented) {
        return catchThrowableOfType(RefusedException.class, () -> authenticator.authenticate(presented))
                .refusal();
    }

    private static VerifiedClient presented(long fromNow, long untilNow, String... names) {
        return new VerifiedClient(
                "flow",
                Optional.empty(),
                Optional.empty(),
                ClientCertificate.ofUris(
                        List.of(),
                        List.of(names),
                        Optional.of(HASH),
                        Optional.empty(),
                        Optional.of(NOW.plusSeconds(fromNow)),
                        Optional.of(NOW.plusSeconds(untilNow))));
    }
}
