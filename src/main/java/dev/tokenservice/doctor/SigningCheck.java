package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.signing.TokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signs a token, and holds it against what workload identity federation accepts. */
final class SigningCheck {

    /** Where there is no issuer, and nobody to issue to: RFC 2606 section 2, so that no relying party accepts the token. */
    static final String NOWHERE = "https://token-service.invalid";

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int LONGEST_SUBJECT = 127;
    private static final Set<String> ALGORITHMS = Set.of("RS256", "ES256");

    private final ConfigurationSections settings;
    private final Clock clock;

    SigningCheck(ConfigurationSections settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    Optional<SampleToken> run(Optional<TokenSigner> signer, Findings findings) {
        Optional<SampleToken> token = signer.flatMap(present -> sign(present, findings));
        if (signer.isEmpty() && !findings.failed(CheckName.SIGNING)) {
            findings.skip("there are no credentials to sign with", CheckName.SIGNING);
        }
        token.ifPresentOrElse(
                signed -> checkClaims(signed, findings),
                () -> findings.skip("nothing could be signed", CheckName.TOKEN_CLAIMS));
        return token;
    }

    private Optional<SampleToken> sign(TokenSigner signer, Findings findings) {
        try {
            SampleToken token = SampleToken.issue(
                    settings.token().build(signer, clock),
                    settings.token().issuer().orElse(NOWHERE),
                    audience(),
                    clock.instant());
            String evidence = signer.algorithm() + " with the key " + token.keyId();
            findings.warnOrElse(
                    new StartWarnings(settings).of(CheckName.SIGNING), () -> findings.ok(CheckName.SIGNING, evidence));
            return Optional.of(token);
        } catch (RefusedException e) {
            findings.fail(
                    CheckName.SIGNING,
                    e.refusal().problem().orElse(""),
                    e.refusal()
                            .remedy()
                            .orElse("see whether " + settings.google().iamCredentialsRoot()
                                    + " can be reached from here, and try again"));
            return Optional.empty();
        }
    }

    /** That of the exchange, if there is one: the token is for STS. */
    private String audience() {
        return settings.provider()
                .map(WorkloadIdentityProvider::url)
                .or(() -> settings.token().defaultAudience(Optional.empty()))
                .orElse(NOWHERE);
    }

    private void checkClaims(SampleToken token, Findings findings) {
        List<String> problems = new ArrayList<>();
        JsonNode claims = token.claims();
        note(problems, ALGORITHMS.contains(token.header().path("alg").asText()), "alg must be RS256 or ES256");
        note(problems, !token.keyId().isEmpty(), "kid is missing");
        note(problems, claims.path("iss").asText().startsWith("https://"), "iss must be an https URL");
        note(problems, claims.path("aud").isTextual(), "aud must be one text");
        note(
                problems,
                claims.path("sub").asText().length() <= LONGEST_SUBJECT,
                "sub must not be longer than " + LONGEST_SUBJECT + " bytes");
        Instant issuedAt = Instant.ofEpochSecond(claims.path("iat").asLong());
        Duration lifetime = Duration.between(
                issuedAt, Instant.ofEpochSecond(claims.path("exp").asLong()));
        note(problems, !issuedAt.isAfter(clock.instant()), "iat must not be in the future");
        note(
                problems,
                !lifetime.isNegative() && lifetime.compareTo(LONGEST) <= 0,
                "exp must be at most 24 hours after iat");
        if (problems.isEmpty()) {
            findings.ok(
                    CheckName.TOKEN_CLAIMS,
                    "within the limits of federation: aud " + claims.path("aud").asText() + ", " + lifetime.toSeconds()
                            + " s; a client id over " + LONGEST_SUBJECT + " bytes would not be");
        } else {
            findings.warn(
                    CheckName.TOKEN_CLAIMS,
                    "outside the limits of federation: " + String.join("; ", problems),
                    "TOKEN_ISSUER=https://token-service.example.com (your own host name)");
        }
    }

    private static void note(List<String> problems, boolean good, String problem) {
        if (!good) {
            problems.add(problem);
        }
    }
}
