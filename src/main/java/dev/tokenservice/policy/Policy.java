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
 * A policy as it was read at one moment, with everything it names. Immutable but for the chains that it remembers, and safe for use
 * by many threads. Equal to another one of the same generation.
 */
public final class Policy implements Expiring {

    /** How long a token is valid at most, whatever a policy says. */
    public static final Duration LONGEST_VALIDITY = Duration.ofHours(12);

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_REMEMBERED = 1000;

    /**
     * What is verified with for one authority.
     *
     * @param anchors the certificates that a path may end at
     * @param listsOutOfDate its revocation lists that are out of date
     */
    public record Material(String authority, List<X509Certificate> anchors, List<String> listsOutOfDate) {}

    /** What was found while the fetched lists had this version. */
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

    /** The beginning of the SHA-256 of the policy and every file it names: 12 hex digits. */
    public String generation() {
        return generation;
    }

    /** The revocation lists of the authorities for which some are fetched. */
    public List<FetchedLists> fetched() {
        return fetched;
    }

    /** The beginning of the SHA-256 of every list that was fetched: 12 hex digits; empty where none are to be fetched. */
    public Optional<String> content() {
        return fetched.isEmpty() ? Optional.empty() : Optional.of(FetchedContent.of(fetched));
    }

    /** How long ago it was read. */
    public Duration age(Clock clock) {
        return Duration.between(read, clock.instant());
    }

    /** Whether the policy says whom to trust; where it does not, the settings do. */
    public boolean hasAuthorities() {
        return !authorities.isEmpty();
    }

    /** For whom tokens are made; empty where the settings say so. */
    public Optional<RelyingParties> relyingParties() {
        return relyingParties;
    }

    /** Who is allowed what; empty where everything is allowed that no other check refuses. */
    Optional<Rules> rules() {
        return rules;
    }

    /** The names of the rules that can decide; empty where there are none. */
    public List<String> ruleNames() {
        return rules.map(all -> Stream.concat(all.all().stream().map(Rule::name), Stream.of(RuleEnforcement.NO_RULE))
                        .toList())
                .orElse(List.of());
    }

    /** What is probably not meant, each {@code FILE:LINE:COLUMN: what}. */
    public List<String> warnings() {
        return warnings;
    }

    /** The authority of a trusted summary, where the policy trusts them; empty where it says nothing of summaries. */
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

    /** The proxies on the TLS port, where the policy names them; else the settings do. */
    public Optional<Proxies> proxies() {
        return proxies;
    }

    /**
     * Verifies the certificate of one of the {@link #proxies()}.
     *
     * @param presented its certificate, and after it what came along to build its chain
     * @throws RefusedException {@code invalid_client} when their authority does not vouch for it
     */
    public void acceptProxy(List<X509Certificate> presented) {
        accept(presented, "proxy", this::vouchesForProxies);
    }

    private boolean vouchesForProxies(Trusted trusted) {
        return proxies.map(Proxies::authority)
                .filter(trusted.authority().name()::equals)
                .isPresent();
    }

    /** Of each authority, in the order of the file. */
    public List<Material> material() {
        return authorities.stream()
                .map(trusted -> new Material(
                        trusted.authority().name(),
                        trusted.verifier().bundle().roots(),
                        trusted.verifier().listsOutOfDate()))
                .toList();
    }

    /** The certificates of all authorities. */
    public List<X509Certificate> offered() {
        return offered;
    }

    /**
     * Verifies a certificate, and says who vouches for it: the authority of a valid path that may give all its names. Of several the
     * one of the path with the fewest certificates, and then the first of the file.
     *
     * @param presented the client's certificate, and after it what came along to build its chain
     * @throws RefusedException {@code invalid_client} when there is none
     */
    public Authority accept(List<X509Certificate> presented) {
        return accept(presented, "client", trusted -> true);
    }

    /** The same answer to the same certificates is remembered for each role that they can have. */
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

    /** What each authority makes of a certificate, a line each. */
    List<String> judgements(List<X509Certificate> presented) {
        if (authorities.isEmpty()) {
            return List.of("no authorities: the settings decide whom to trust, and this command checks no path");
        }
        return authorities.stream()
                .map(trusted -> "authority " + trusted.authority().name() + ": " + trusted.judgement(presented))
                .toList();
    }

    /** The names of the authorities, in the order of the file. */
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
