package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPolicyTest {

    private static final String PROVIDER =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";
    private static final Issuer REMOTE = new Issuer("https://issuer.example", false);
    private static final Issuer LOOPBACK = new Issuer("http://localhost:8080", true);

    private static final ClientPolicy WITH_PROVIDER =
            policy(Optional.of("default"), List.of("other"), Optional.of(PROVIDER));
    private static final ClientPolicy WITHOUT_PROVIDER =
            policy(Optional.of("default"), List.of("other"), Optional.empty());
    private static final ClientPolicy WITHOUT_AUDIENCE = policy(Optional.empty(), List.of("other"), Optional.empty());

    @ParameterizedTest
    @CsvSource({
        // client_id, audience, granted
        "'', '', default",
        "'',      default, default",
        "'',      other,   other",
        "robot, '', default",
        "robot,   other,   other",
        "default, '',      default",
        "other,   other,   other"
    })
    void decide_idToken_isForTheDefaultOrAnAllowedAudience(String clientId, String audience, String granted) {
        Decision decision = decide(WITH_PROVIDER, client("robot"), idToken(clientId, audience), REMOTE);

        assertThat(decision.relyingParty().audience()).isEqualTo(granted);
        assertThat(decision.accessToken()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // client_id, audience, error, reason
        "'',      foreign, INVALID_TARGET, UNKNOWN_TARGET",
        "'',      Default, INVALID_TARGET, UNKNOWN_TARGET",
        "robot,   foreign, INVALID_TARGET, UNKNOWN_TARGET",
        "another, '',      INVALID_CLIENT, WRONG_CLIENT_ID",
        "Robot, '', INVALID_CLIENT, WRONG_CLIENT_ID",
        "default, other,   INVALID_CLIENT, WRONG_CLIENT_ID",
        "another, foreign, INVALID_CLIENT, WRONG_CLIENT_ID"
    })
    void decide_idToken_isRefused(String clientId, String audience, OAuthError error, ReasonCode reason) {
        Refusal refusal = refusal(WITH_PROVIDER, client("robot"), idToken(clientId, audience), REMOTE);

        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal.reason()).isEqualTo(reason);
    }

    @Test
    void decide_accessToken_isForTheProviderOnly() {
        assertThat(decide(WITH_PROVIDER, client("robot"), accessToken("", ""), REMOTE))
                .isEqualTo(decision(RelyingParty.of("google", PROVIDER, Profile.GOOGLE), true));
        assertThat(decide(WITH_PROVIDER, client("robot"), accessToken(PROVIDER, PROVIDER), REMOTE))
                .isEqualTo(decision(RelyingParty.of("google", PROVIDER, Profile.GOOGLE), true));

        for (String audience : List.of("default", "other", "foreign")) {
            Refusal refusal = refusal(WITH_PROVIDER, client("robot"), accessToken("", audience), REMOTE);
            assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_TARGET);
            assertThat(refusal.reason()).isEqualTo(ReasonCode.UNKNOWN_TARGET);
        }
    }

    @Test
    void decide_accessTokenWithoutProvider_isRefusedNamingTheSettings() {
        Refusal refusal = refusal(WITHOUT_PROVIDER, client("robot"), accessToken("", ""), REMOTE);

        assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_SCOPE);
        assertThat(refusal.reason()).isEqualTo(ReasonCode.POLICY);
        assertThat(refusal.detail().orElse("")).contains("WORKLOAD_IDENTITY_PROVIDER_ID");
    }

    /** An audience that a Host header chose would be the client's own. */
    @Test
    void decide_withoutAnyAudience_servesThisMachineOnly() {
        assertThat(decide(WITHOUT_AUDIENCE, client("robot"), idToken("", ""), LOOPBACK))
                .isEqualTo(decision(RelyingParty.of("default", LOOPBACK.url(), Profile.GENERIC), false));

        for (String audience : List.of("", "other", REMOTE.url())) {
            Refusal refusal = refusal(WITHOUT_AUDIENCE, client("robot"), idToken("", audience), REMOTE);
            assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_TARGET);
            assertThat(refusal.detail().orElse("")).contains("TOKEN_AUDIENCE", "TOKEN_ISSUER");
        }
    }

    @Test
    void decide_subjectTooLongForGoogle_isRefusedForItsAudiencesOnly() {
        ClientPolicy policy = policy(Optional.of("default"), List.of("https:" + PROVIDER), Optional.of(PROVIDER));
        ClientPrincipal longest = client("a".repeat(127));
        ClientPrincipal tooLong = client("a".repeat(128));

        assertThat(decide(policy, longest, accessToken("", ""), REMOTE).accessToken())
                .isTrue();
        assertThat(decide(policy, tooLong, idToken("", ""), REMOTE)
                        .relyingParty()
                        .audience())
                .isEqualTo("default");
        for (TokenRequest request : List.of(accessToken("", ""), idToken("", "https:" + PROVIDER))) {
            Refusal refusal = refusal(policy, tooLong, request, REMOTE);
            assertThat(refusal.reason()).isEqualTo(ReasonCode.NO_CLIENT_ID);
            assertThat(refusal.description()).contains("128 bytes");
        }
    }

    private static ClientPolicy policy(Optional<String> standard, List<String> further, Optional<String> provider) {
        return new ClientPolicy(
                new Audiences(standard, standard, further, provider),
                new RuleEnforcement(new RateLimits(() -> 0), Clock.systemUTC(), new ServiceMetrics()));
    }

    private static Decision decision(RelyingParty party, boolean accessToken) {
        return new Decision(party, accessToken, "robot", Optional.empty());
    }

    private static Decision decide(ClientPolicy policy, ClientPrincipal client, TokenRequest request, Issuer issuer) {
        AuditTrail trail = new AuditTrail("r-1", InetAddress.getLoopbackAddress());
        return policy.decide(new AuthenticatedRequest(client, request, issuer, Optional.empty(), trail));
    }

    private static Refusal refusal(ClientPolicy policy, ClientPrincipal client, TokenRequest request, Issuer issuer) {
        return catchThrowableOfType(RefusedException.class, () -> decide(policy, client, request, issuer))
                .refusal();
    }

    private static TokenRequest idToken(String clientId, String audience) {
        return request(clientId, audience, List.of());
    }

    private static TokenRequest accessToken(String clientId, String audience) {
        return request(clientId, audience, List.of("scope"));
    }

    /** An empty parameter counts as absent. */
    private static TokenRequest request(String clientId, String audience, List<String> scopes) {
        return new TokenRequest(
                Optional.of(clientId).filter(id -> !id.isEmpty()),
                Optional.of(audience).filter(name -> !name.isEmpty()),
                Optional.of("ignored"),
                scopes,
                Optional.empty(),
                false);
    }

    private static ClientPrincipal client(String id) {
        ClientCertificate certificate = ClientCertificate.ofUris(
                List.of(), List.of(id), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new ClientPrincipal(id, "flow", "default", certificate);
    }
}
