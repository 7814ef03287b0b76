package dev.tokenservice.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.policy.Profile;
import dev.tokenservice.policy.RelyingParty;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdTokenIssuerTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.750Z");
    private static final long ISSUED_AT = Instant.parse("2026-11-29T12:00:00Z").getEpochSecond();

    /** All bits set: base64 writes slashes, base64url underscores. */
    private static final String SHA256 = "/".repeat(42) + "8";

    private final FakeSigner signer = new FakeSigner();
    private final IdTokenIssuer issuer =
            new IdTokenIssuer(signer, Duration.ofMinutes(5), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void issue_everyAttribute_makesEveryClaim() {
        IdToken token = issue(ClientCertificate.ofUris(
                List.of("spiffe://d.example/robot", "urn:a", "urn:b"),
                List.of("a.example", "b.example"),
                Optional.of(SHA256),
                Optional.of("0a:ff"),
                Optional.empty(),
                Optional.empty()));

        Map<String, Object> claims = signer.signed().get(0);
        assertThat(claims)
                .containsOnlyKeys("iss", "aud", "iat", "exp", "jti", "amr", "client_id", "sub", "client", "cnf")
                .containsEntry("iss", "https://issuer.example")
                .containsEntry("aud", "audience")
                .containsEntry("iat", ISSUED_AT)
                .containsEntry("exp", ISSUED_AT + 300)
                .containsEntry("jti", token.id())
                .containsEntry("amr", List.of("flow"))
                .containsEntry("client_id", "robot")
                .containsEntry("sub", "robot")
                .containsEntry("cnf", Map.of("x5t#S256", "_".repeat(42) + "8"))
                .containsEntry(
                        "client",
                        Map.ofEntries(
                                Map.entry("x5_spiffe", "spiffe://d.example/robot"),
                                Map.entry("x5_dnssan", "a.example"),
                                Map.entry("x5_urisan", "urn:a"),
                                Map.entry("x5_sha256", SHA256),
                                Map.entry("x5_serial", "0a:ff"),
                                Map.entry("x5_dnssans", List.of("a.example", "b.example")),
                                Map.entry("x5_urisans", List.of("urn:a", "urn:b")),
                                Map.entry("x5_subject", ""),
                                Map.entry("x5_cn", ""),
                                Map.entry("x5_issuer", ""),
                                Map.entry("x5_email", ""),
                                Map.entry("authority", "default")));
        assertThat(token.value()).isEqualTo("signed-1");
        assertThat(token.expiresAt()).isEqualTo(Instant.ofEpochSecond(ISSUED_AT + 300));
    }

    /** An attribute mapping fails on a member that is not there. */
    @Test
    void issue_noAttribute_keepsEveryMember() {
        issue(certificate(Optional.empty()));

        assertThat(signer.signed().get(0))
                .doesNotContainKey("cnf")
                .containsEntry(
                        "client",
                        Map.ofEntries(
                                Map.entry("x5_spiffe", ""),
                                Map.entry("x5_dnssan", ""),
                                Map.entry("x5_urisan", ""),
                                Map.entry("x5_sha256", ""),
                                Map.entry("x5_serial", ""),
                                Map.entry("x5_dnssans", List.of()),
                                Map.entry("x5_urisans", List.of()),
                                Map.entry("x5_subject", ""),
                                Map.entry("x5_cn", ""),
                                Map.entry("x5_issuer", ""),
                                Map.entry("x5_email", ""),
                                Map.entry("authority", "default")));
    }

    /** Attribute mappings of relying parties name these, and take them for strings. */
    @Test
    void issue_membersOfTheFirstVersion_comeFirstInTheirOrder() {
        issue(certificate(Optional.empty()));

        Map<?, ?> client =
                (Map<?, ?>) Objects.requireNonNull(signer.signed().get(0).get("client"));
        assertThat(client.keySet().stream().limit(7).map(String::valueOf))
                .containsExactly(
                        "x5_spiffe", "x5_dnssan", "x5_urisan", "x5_sha256", "x5_serial", "x5_dnssans", "x5_urisans");
    }

    @Test
    void issue_tokenThatIsTooLarge_isRefusedWithItsSize() {
        signer.padding(TokenLimits.MAX_LENGTH - "signed-1".length());
        assertThatCode(() -> issue(certificate(Optional.empty()))).doesNotThrowAnyException();

        signer.padding(TokenLimits.MAX_LENGTH - "signed-1".length() + 1);
        assertThatThrownBy(() -> issue(certificate(Optional.empty())))
                .isInstanceOfSatisfying(RefusedException.class, e -> {
                    assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_REQUEST);
                    assertThat(e.refusal().status()).isEqualTo(400);
                    assertThat(e.refusal().description()).contains("16385", "16384");
                    assertThat(e.refusal().detail().orElse("")).contains("x5_dnssans and x5_urisans");
                });
    }

    @Test
    void issue_tokenThatIsTooLarge_namesTheClaimsOfThePolicy() {
        RelyingParty billing = RelyingParty.of("billing", "https://billing.example.com", Profile.GENERIC);
        signer.padding(TokenLimits.MAX_LENGTH);

        assertThatThrownBy(() -> issue(
                        certificate(Optional.empty()),
                        new Decision(billing, false, "s", Map.of("ward", "intensive-care"), Optional.empty())))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().detail().orElse(""))
                                .endsWith("or shorten the claims that the policy adds for billing: ward"));
    }

    @Test
    void issue_again_hasAnotherId() {
        assertThat(issue(certificate(Optional.empty())).id())
                .isNotEqualTo(issue(certificate(Optional.empty())).id());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-29T12:04:59Z,     299",
        "2026-11-29T12:04:59.999Z, 299",
        "2026-11-29T12:05:00Z,     300",
        "2026-11-29T13:00:00Z,     300"
    })
    void issue_certificateExpires_tokenDoesNotOutliveIt(Instant notAfter, long lifetime) {
        IdToken token = issue(certificate(Optional.of(notAfter)));

        assertThat(token.expiresAt().getEpochSecond() - ISSUED_AT).isEqualTo(lifetime);
        assertThat(signer.signed().get(0).get("exp")).isEqualTo(ISSUED_AT + lifetime);
    }

    @Test
    void toString_neverHoldsTheToken() {
        assertThat(issue(certificate(Optional.empty()))).asString().doesNotContain("signed-1");
    }

    @Test
    void issue_forARelyingParty_hasItsForm() {
        RelyingParty minimal = new RelyingParty(
                "entra",
                "api://AzureADTokenExchange",
                Profile.ENTRA,
                Optional.of("RS256"),
                false,
                Optional.empty(),
                RelyingParty.of("", "", Profile.ENTRA).subject(),
                Set.of(),
                Map.of());

        issue(
                ClientCertificate.ofFingerprint(SHA256),
                new Decision(minimal, false, "s", Optional.of(Duration.ofHours(1))));

        assertThat(signer.signed().get(0))
                .containsOnlyKeys("iss", "aud", "iat", "exp", "jti", "sub")
                .containsEntry("aud", "api://AzureADTokenExchange")
                .containsEntry("sub", "s")
                .containsEntry("exp", ISSUED_AT + 3600);
    }

    @ParameterizedTest
    @CsvSource({
        "ENTRA, 600, 601, 'the subject (sub) has 601 characters, and must be at most 600 characters (https://learn'",
        "GOOGLE, 127, 128, 'the subject (sub) has 128 bytes, and must be at most 127 bytes (https://cloud.google'"
    })
    void issue_subjectThatIsTooLong_isRefusedBeforeItIsSigned(Profile profile, int most, int more, String problem) {
        RelyingParty party = RelyingParty.of("p", "audience", profile);
        issue(certificate(Optional.empty()), new Decision(party, false, "s".repeat(most), Optional.empty()));

        assertThatThrownBy(() -> issue(
                        certificate(Optional.empty()), new Decision(party, false, "s".repeat(more), Optional.empty())))
                .isInstanceOfSatisfying(RefusedException.class, e -> {
                    assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_REQUEST);
                    assertThat(e.refusal().description()).contains(problem);
                });
        assertThat(signer.signed()).hasSize(1);
    }

    private IdToken issue(ClientCertificate certificate) {
        return issue(
                certificate,
                new Decision(
                        RelyingParty.of("default", "audience", Profile.GENERIC), false, "robot", Optional.empty()));
    }

    private IdToken issue(ClientCertificate certificate, Decision decision) {
        return issuer.issue(
                new ClientPrincipal("robot", "flow", "default", certificate),
                "https://issuer.example",
                decision,
                Deadline.after(Duration.ofSeconds(1)));
    }

    private static ClientCertificate certificate(Optional<Instant> notAfter) {
        return ClientCertificate.ofUris(
                List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), notAfter);
    }
}
