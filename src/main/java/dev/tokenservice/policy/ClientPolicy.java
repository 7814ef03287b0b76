package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Rules.Ruling;
import dev.tokenservice.policy.cel.Facts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides which token an authenticated client gets. Relying parties come from the policy, or else from the audiences of the
 * settings. The rules of the policy can restrict them. Access tokens need a workload identity provider.
 */
public final class ClientPolicy {

    /** The largest {@code google.subject} that Google accepts, in bytes. */
    private static final int MAX_FEDERATED_SUBJECT = Profile.GOOGLE.most(Measure.CLIENT_ID_BYTES);

    private final Audiences settings;
    private final RelyingParties ofSettings;
    private final RuleEnforcement rules;

    /**
     * Creates the policy.
     *
     * @param settings the audiences that apply if no policy names relying parties
     */
    public ClientPolicy(Audiences settings, RuleEnforcement rules) {
        this.settings = settings;
        this.ofSettings = settings.relyingParties();
        this.rules = rules;
    }

    /**
     * Decides a request.
     *
     * @throws RefusedException with the OAuth error code (RFC 6749 section 5.2, RFC 8707 section 2) if the client may not get
     *     the token
     */
    public Decision decide(AuthenticatedRequest asked) {
        TokenRequest request =
                asked.policy().isPresent() ? asked.request() : asked.request().withoutRelyingParty();
        checkParameters(request);
        Optional<String> standard = request.wantsAccessToken()
                ? settings.provider()
                : settings.standard().or(asked.issuer()::loopbackUrl);
        Optional<String> wanted = request.audience().or(() -> standard);
        // The identity of the client is checked before its permissions.
        if (request.relyingParty().isEmpty()) {
            checkIdentity(asked.client(), request, wanted);
        }
        String granted = standard.orElseThrow(() -> nothingToGrant(request));
        ClientFacts client = ClientFacts.of(asked.client());
        RuleEnforcement.note(asked, client, request, request.audience().orElse(granted));
        RelyingParty party = resolve(asked, request, granted);
        asked.trail().relyingParty(party.name());
        Instant now = rules.now();
        Facts.Request facts = RuleEnforcement.request(request, party);
        Optional<Ruling> ruling = rules.enforce(asked, client, facts, now);
        // Only now, because the audience and the profile of a named relying party must stay hidden from clients without
        // permission.
        if (request.relyingParty().isPresent()) {
            checkIdentity(asked.client(), request, Optional.of(party.audience()));
        }
        if (party.profile() == Profile.GOOGLE) {
            checkFederatedSubject(asked.client());
        }
        return decision(party, request, ruling, client, facts, now);
    }

    private static void checkParameters(TokenRequest request) {
        if (request.audience().isPresent() && request.relyingParty().isPresent()) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "audience (or resource) and relying_party say the same: send one of them")
                    .exception();
        }
    }

    /** Returns the decision for a request that a ruling allows, or for which there are no rules. */
    static Decision decision(
            RelyingParty party,
            TokenRequest request,
            Optional<Ruling> ruling,
            ClientFacts client,
            Facts.Request facts,
            Instant now) {
        Map<String, Map<String, String>> rows = ruling.map(Ruling::rows).orElse(Map.of());
        Optional<Grant> grant = ruling.flatMap(Ruling::grant);
        return new Decision(
                party,
                request.wantsAccessToken(),
                party.subject().of(client, rows.getOrDefault(SubjectOwners.ROW, Map.of())),
                new Claims(new Facts(client, facts, now, rows))
                        .with(party.claims())
                        .with(grant.map(Grant::claims).orElse(Map.of()))
                        .of(party),
                shorter(grant.flatMap(Grant::tokenValidity), party.tokenValidity()));
    }

    private static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
        return Stream.concat(one.stream(), other.stream()).min(Comparator.naturalOrder());
    }

    private RelyingParty resolve(AuthenticatedRequest asked, TokenRequest request, String standard) {
        if (request.wantsAccessToken()) {
            checkExchange(request, standard);
        }
        String audience = request.audience().orElse(standard);
        return asked.policy().isPresent()
                ? asked.relyingParties().orElseGet(() -> ofSettings(standard)).resolve(request, audience)
                : settings.resolve(ofSettings(standard), audience, standard);
    }

    /** Returns the relying parties of the settings. If they name none, there is one for clients on this machine. */
    private RelyingParties ofSettings(String standard) {
        return ofSettings.ofAudience(standard).isPresent() ? ofSettings : settings.relyingParties(standard);
    }

    private static RefusedException nothingToGrant(TokenRequest request) {
        if (request.wantsAccessToken()) {
            return Refusal.because(
                            ReasonCode.POLICY, "this service issues only ID tokens: send the request without a scope")
                    .error(OAuthError.INVALID_SCOPE)
                    .detail("no workload identity provider is configured, so nothing can be exchanged: set "
                            + "WORKLOAD_IDENTITY_PROJECT_NUMBER, WORKLOAD_IDENTITY_POOL_ID and "
                            + "WORKLOAD_IDENTITY_PROVIDER_ID")
                    .exception();
        }
        return Refusal.because(
                        ReasonCode.UNKNOWN_TARGET, "this service has no default audience: its operator has to set one")
                .detail("set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider: without them the "
                        + "header Host decides the issuer, and only this machine gets tokens")
                .exception();
    }

    /** Checks that a token for the exchange has the audience of the provider, and no other. */
    private static void checkExchange(TokenRequest request, String audience) {
        Optional<String> requested = request.audience();
        if (requested.isPresent() && !requested.get().equals(audience)) {
            throw Refusal.because(
                            ReasonCode.UNKNOWN_TARGET,
                            "with a scope the audience is always that of the workload identity provider: remove it")
                    .exception();
        }
    }

    private static void checkIdentity(ClientPrincipal client, TokenRequest request, Optional<String> audience) {
        checkClientId(client, request, audience);
        if (audience.filter(FederatedAudience::matches).isPresent()) {
            checkFederatedSubject(client);
        }
    }

    /**
     * Checks {@code client_id}. The certificate identifies the client (RFC 8705 section 2). The audience is also allowed,
     * because OpenID clients send it.
     */
    private static void checkClientId(ClientPrincipal client, TokenRequest request, Optional<String> audience) {
        Optional<String> claimed = request.clientId();
        if (claimed.isPresent() && !claimed.get().equals(client.clientId()) && !claimed.equals(audience)) {
            throw Refusal.because(
                            ReasonCode.WRONG_CLIENT_ID,
                            "client_id " + Quoted.of(claimed.get())
                                    + " is not the client id in the certificate: omit it, or correct it")
                    .exception();
        }
    }

    private static void checkFederatedSubject(ClientPrincipal client) {
        int length = client.clientId().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_FEDERATED_SUBJECT) {
            throw Refusal.because(
                            ReasonCode.NO_CLIENT_ID,
                            "the client id has " + length + " bytes; workload identity federation accepts "
                                    + MAX_FEDERATED_SUBJECT + " at most")
                    .detail("the client id becomes google.subject: set MTLS_HEADER_CLIENT_ID to the header of a "
                            + "shorter attribute, such as the hash, or issue certificates with shorter names")
                    .exception();
        }
    }
}
