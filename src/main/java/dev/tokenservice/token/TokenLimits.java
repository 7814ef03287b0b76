package dev.tokenservice.token;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.policy.Measure;
import dev.tokenservice.policy.RelyingParty;
import java.util.Set;
import java.util.stream.Stream;

/** Checks one token against what its relying party takes, and what fits into the headers in which tokens travel. */
final class TokenLimits {

    static final int MAX_LENGTH = 16 * 1024;

    private final RelyingParty party;
    private final Set<String> claims;

    /** Takes the names of the claims that the policy adds, of the relying party and of the rule. */
    TokenLimits(RelyingParty party, Set<String> claims) {
        this.party = party;
        this.claims = claims;
    }

    /**
     * Checks what is known before a token is signed.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_request} where the relying party would not take it
     */
    void checkNames(String issuer, String subject) {
        Stream.of(
                        party.profile().problems(Measure.ISSUER, issuer),
                        party.profile().problems(Measure.SUBJECT, subject),
                        party.profile().problems(Measure.SUBJECT_BYTES, subject))
                .flatMap(problems -> problems)
                .findFirst()
                .ifPresent(this::refuse);
    }

    /**
     * Checks a token that is signed.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_request} with its size where it is too large
     */
    void checkToken(String token, ClientCertificate certificate) {
        if (token.length() > MAX_LENGTH) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "the ID token would have " + token.length() + " bytes, and " + MAX_LENGTH
                                    + " are allowed: the client certificate has too many names, or too long ones")
                    .detail(contents(certificate))
                    .exception();
        }
        party.profile().problems(Measure.TOKEN, token).findFirst().ifPresent(this::refuse);
    }

    private String contents(ClientCertificate certificate) {
        String names = "the certificate has " + certificate.dnsSans().size() + " DNS names and "
                + certificate.uriSans().size()
                + " URIs, which are the claims x5_dnssans and x5_urisans, and a subject: issue one with fewer";
        return claims.isEmpty()
                ? names
                : names + ", or shorten the claims that the policy adds for " + party.name() + ": "
                        + String.join(", ", claims);
    }

    private void refuse(String problem) {
        // What is in the row of a client is the operator's to change.
        throw Refusal.because(
                        party.subject().readsRow() ? ReasonCode.OPERATOR : ReasonCode.MALFORMED_REQUEST,
                        "the relying party would not accept the ID token: " + problem)
                .detail(
                        "the profile of " + party.name() + " is "
                                + party.profile().label()
                                + ": change subject in the policy, TOKEN_ISSUER, the row of the client, or the names in its certificate")
                .exception();
    }
}
