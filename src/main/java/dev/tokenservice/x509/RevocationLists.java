package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Certificate revocation lists, RFC 5280 section 5: signed by the authority that issued the certificates. A list counts
 * for the certificates that it is about; what it names is revoked in any case.
 *
 * @param held none if revocation is not checked, or nothing was fetched yet
 * @param awaited whether a list that was not fetched yet may be about a certificate; empty if no lists are fetched
 */
public record RevocationLists(List<HeldList> held, Optional<Predicate<X509Certificate>> awaited) {

    /** Nothing is revoked, because nobody is asked. */
    public static final RevocationLists NONE = new RevocationLists(List.of());

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** Lists of files. */
    public RevocationLists(List<X509CRL> lists) {
        this(lists.stream().map(HeldList::ofFile).toList(), Optional.empty());
    }

    public static RevocationLists read(Path file) {
        List<X509CRL> lists = CertificateFile.revocationLists(file);
        for (X509CRL list : lists) {
            Optional<String> problem = CrlProfile.problem(list);
            if (problem.isPresent()) {
                throw new UnusableFileException(
                        file, "holds the list of " + list.getIssuerX500Principal() + ", which is " + problem.get());
            }
        }
        return new RevocationLists(lists);
    }

    public List<X509CRL> lists() {
        return held.stream().map(HeldList::list).toList();
    }

    /**
     * Why a certificate counts as revoked; empty if it does not.
     *
     * @param required whether a list of its issuer must be there: for the client's certificate it has
     */
    Optional<Refusal> refusal(X509Certificate certificate, X509Certificate issuer, boolean required, Instant now) {
        if (held.isEmpty() && awaited.isEmpty()) {
            return Optional.empty();
        }
        String name = issuer.getSubjectX500Principal().toString();
        List<HeldList> named = held.stream().filter(one -> one.isNamed(issuer)).toList();
        List<HeldList> signed = named.stream()
                .filter(one -> HeldList.isSignedBy(one.list(), issuer))
                .toList();
        if (signed.stream().anyMatch(one -> one.list().isRevoked(certificate))) {
            return Optional.of(refusal(ReasonCode.REVOKED)
                    .detail("the revocation list of " + name + " names the certificate")
                    .build());
        }
        boolean awaits = awaited.filter(list -> list.test(certificate)).isPresent();
        return gap(certificate, named, signed, name, now)
                .filter(gap -> required || awaits || !gap.tolerable())
                .map(gap -> awaits || gap.fetched() ? unavailable(name) : unknown(gap.detail()));
    }

    /**
     * Why the lists do not tell that a certificate is not revoked.
     *
     * @param tolerable whether that does not affect the certificate of an authority
     * @param fetched whether a list that is out of date was fetched
     */
    private record Gap(boolean tolerable, boolean fetched, String detail) {}

    private static Optional<Gap> gap(
            X509Certificate certificate, List<HeldList> named, List<HeldList> signed, String name, Instant now) {
        if (!named.isEmpty() && signed.isEmpty()) {
            return Optional.of(new Gap(
                    false,
                    false,
                    "MTLS_CRL has no revocation list of " + name
                            + " that the key of its certificate signed: add the list of this key"));
        }
        List<HeldList> fitting =
                signed.stream().filter(one -> one.scope().isFor(certificate)).toList();
        if (fitting.isEmpty()) {
            String lacking = signed.isEmpty() ? "" : " that covers certificates of clients";
            return Optional.of(new Gap(true, false, "MTLS_CRL has no revocation list of " + name + lacking));
        }
        boolean alone = fitting.stream().map(HeldList::scope).distinct().count() == 1;
        List<HeldList> covering = fitting.stream()
                .filter(one -> one.scope().isAt(certificate, alone))
                .toList();
        if (covering.isEmpty()) {
            return Optional.of(new Gap(
                    false,
                    false,
                    "MTLS_CRL has no revocation list of " + name
                            + " for the distribution point of the certificate: add the lists of all its "
                            + "distribution points"));
        }
        return covering.stream().anyMatch(one -> one.isCurrent(now))
                ? Optional.empty()
                : Optional.of(new Gap(
                        false,
                        covering.stream().anyMatch(HeldList::fetched),
                        "the revocation list of " + name + " in MTLS_CRL is expired: fetch the current list"));
    }

    private static Refusal unknown(String detail) {
        return refusal(ReasonCode.REVOCATION_UNKNOWN).detail(detail).build();
    }

    /** A list has yet to be fetched: neither the client nor its certificate is at fault, and another try may help. */
    private static Refusal unavailable(String name) {
        return Refusal.because(
                        ReasonCode.REVOCATION_UNKNOWN,
                        "the service cannot check now whether the client certificate is revoked: retry later")
                .error(OAuthError.TEMPORARILY_UNAVAILABLE)
                .retryAfter(RETRY_AFTER)
                .detail("no current revocation list of " + name
                        + " was fetched: the health check revocation-lists says why")
                .build();
    }

    private static Refusal.Builder refusal(ReasonCode reason) {
        return Refusal.because(reason, "the client certificate is revoked, or its revocation status is unknown");
    }

    /** Returns the authorities of which some clients are refused, as all lists about these are out of date. */
    public List<String> outOfDate(Instant now) {
        Map<Object, List<HeldList>> issues = held.stream().collect(Collectors.groupingBy(HeldList::series));
        return issues.values().stream()
                .filter(issue -> issue.stream().noneMatch(one -> one.isCurrent(now)))
                .map(issue -> issue.get(0).list().getIssuerX500Principal().getName())
                .distinct()
                .sorted()
                .toList();
    }
}
