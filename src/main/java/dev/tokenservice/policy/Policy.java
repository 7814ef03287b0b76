package dev.tokenservice.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenservice.files.Expiring;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.FetchedContent;
import dev.tokenservice.x509.FetchedLists;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A policy and all files that it names, from one reading. Immutable except for a cache of verified chains, and thread-safe.
 * Policies of the same generation are equal.
 */
public final class Policy implements Expiring {

    /** The longest lifetime of a token that a policy may set. */
    public static final Duration LONGEST_VALIDITY = Duration.ofHours(12);

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_REMEMBERED = 1000;

    /**
     * The verification material of one authority.
     *
     * @param anchors the certificates at which a path may end
     * @param listsOutOfDate the names of its expired revocation lists
     */
    public record Material(String authority, List<X509Certificate> anchors, List<String> listsOutOfDate) {}

    /** A cached result, and the version of the fetched lists for which it is valid. */
    private record Accepted(Authority authority, long lists) {}

    private final Instant read;
    private final String generation;
    private final List<Trusted> authorities;
    private final AuthorityIndex index;
    private final List<X509Certificate> offered;
    private final Optional<Boolean> trustsSummaries;
    private final Optional<Proxies> proxies;
    private final Optional<RelyingParties> relyingParties;
    private final Optional<Rules> rules;
    private final List<String> warnings;
    private final List<FetchedLists> fetched;
    private final Cache<List<String>, Accepted> accepted = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    Policy(
            String generation,
            List<Trusted> authorities,
            Optional<Boolean> trustsSummaries,
            Optional<Proxies> proxies,
            Optional<RelyingParties> relyingParties,
            Optional<Rules> rules,
            List<String> warnings,
            Instant read) {
        this.read = read;
        this.warnings = List.copyOf(warnings);
        this.generation = generation;
        this.authorities = List.copyOf(authorities);
        this.index = new AuthorityIndex(this.authorities);
        this.offered = this.authorities.stream()
                .flatMap(trusted -> trusted.offered().stream())
                .distinct()
                .toList();
        this.trustsSummaries = trustsSummaries;
        this.proxies = proxies;
        this.relyingParties = relyingParties;
        this.rules = rules;
        this.fetched = authorities.stream()
                .flatMap(trusted -> trusted.fetched().stream())
                .toList();
    }

    /** Returns the first 12 hex digits of the SHA-256 of the policy and all files that it names. */
    public String generation() {
        return generation;
    }

    /** Returns the fetched revocation lists of all authorities. */
    public List<FetchedLists> fetched() {
        return fetched;
    }

    /** Returns the first 12 hex digits of the SHA-256 of all fetched lists; empty if none are fetched. */
    public Optional<String> content() {
        return fetched.isEmpty() ? Optional.empty() : Optional.of(FetchedContent.of(fetched));
    }

    /** Returns how long ago the policy was read. */
    public Duration age(Clock clock) {
        return Duration.between(read, clock.instant());
    }

    /** Returns whether the policy has authorities. If not, the settings decide whom to trust. */
    public boolean hasAuthorities() {
        return !authorities.isEmpty();
    }

    /** Returns the relying parties; empty if the settings name the audiences. */
    public Optional<RelyingParties> relyingParties() {
        return relyingParties;
    }

    /** Returns the rules; empty if there are none, which allows everything that no other check refuses. */
    Optional<Rules> rules() {
        return rules;
    }

    /** Returns the names of the rules that can decide; empty without rules. */
    public List<String> ruleNames() {
        return rules.map(all -> Stream.concat(all.all().stream().map(Rule::name), Stream.of(RuleEnforcement.NO_RULE))
                        .toList())
                .orElse(List.of());
    }

    /** Returns probable mistakes, each as {@code FILE:LINE:COLUMN: what}. */
    public List<String> warnings() {
        return warnings;
    }

    /** Returns the authority of clients with a trusted summary; empty if the policy does not mention summaries. */
    public Optional<Authority> ofSummary() {
        if (trustsSummaries.orElse(!hasAuthorities())) {
            return trustsSummaries.map(trusted -> Authority.FORWARDED);
        }
        throw Refusal.because(
                        ReasonCode.NOT_VERIFIED,
                        "the client certificate cannot be verified: the proxy forwards only a summary of it")
                .detail("the policy does not trust summaries: have the proxy forward the certificate itself, or set "
                        + "forwardedSummaries: trusted in the policy")
                .exception();
    }

    /** Returns the proxies on the TLS port; empty if the settings name them. */
    public Optional<Proxies> proxies() {
        return proxies;
    }

    /**
     * Verifies the certificate of one of the {@link #proxies()}.
     *
     * @param presented its certificate, followed by the other certificates that it sends
     * @throws RefusedException {@code invalid_client} if their authority does not vouch for it
     */
    public void acceptProxy(List<X509Certificate> presented) {
        accept(presented, "proxy", this::vouchesForProxies);
    }

    private boolean vouchesForProxies(Trusted trusted) {
        return proxies.map(Proxies::authority)
                .filter(trusted.authority().name()::equals)
                .isPresent();
    }

    /** Returns the verification material of each authority, in the order of the policy. */
    public List<Material> material() {
        return authorities.stream()
                .map(trusted -> new Material(
                        trusted.authority().name(),
                        trusted.verifier().bundle().roots(),
                        trusted.verifier().listsOutOfDate()))
                .toList();
    }

    /** Returns the certificates whose names the TLS handshake offers to clients. */
    public List<X509Certificate> offered() {
        return offered;
    }

    /**
     * Verifies a certificate, and returns the authority that vouches for it. It has a valid path (RFC 5280 section 6), and
     * may give all names of the certificate. Of several, the shortest path wins, then the order of the policy.
     *
     * @param presented the certificate of the client, followed by the other certificates that it sends
     * @throws RefusedException {@code invalid_client} if there is none
     */
    public Authority accept(List<X509Certificate> presented) {
        return accept(presented, "client", trusted -> true);
    }

    /** Caches the result for the same certificates, separately for each role. */
    private Authority accept(List<X509Certificate> presented, String role, Predicate<Trusted> mayVouch) {
        List<String> key = Stream.concat(Stream.of(role), presented.stream().map(CertificateAttributes::sha256))
                .toList();
        long lists = fetched.stream().mapToLong(FetchedLists::version).sum();
        Accepted remembered = accepted.getIfPresent(key);
        if (remembered != null && remembered.lists() == lists) {
            return remembered.authority();
        }
        CertificateVerifier.checkClient(presented);
        Authority found = AuthoritySearch.among(
                index.candidates(presented).stream().filter(mayVouch).toList(), presented);
        accepted.put(key, new Accepted(found, lists));
        return found;
    }

    /** Returns a line for each authority that says whether it accepts a certificate. */
    List<String> judgements(List<X509Certificate> presented) {
        if (authorities.isEmpty()) {
            return List.of("no authorities: the settings decide whom to trust, and this command checks no path");
        }
        return authorities.stream()
                .map(trusted -> "authority " + trusted.authority().name() + ": " + trusted.judgement(presented))
                .toList();
    }

    /** Returns the names of the authorities, in the order of the policy. */
    public List<String> names() {
        return authorities.stream().map(trusted -> trusted.authority().name()).toList();
    }

    @Override
    public Map<String, Instant> expiries() {
        Map<String, Instant> first = new TreeMap<>();
        authorities.forEach(trusted -> trusted.verifier()
                .expiries()
                .forEach((kind, end) -> first.merge(kind, end, (one, other) -> one.isBefore(other) ? one : other)));
        return first;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Policy policy && policy.generation.equals(generation);
    }

    @Override
    public int hashCode() {
        return generation.hashCode();
    }
}
