package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides whether what was fetched, or kept, is a revocation list of an authority: nobody on the way to here is trusted. */
final class ListCheck {

    private final List<X509Certificate> issuers;

    /** Takes the CAs whose lists count. */
    ListCheck(List<X509Certificate> issuers) {
        this.issuers = List.copyOf(issuers);
    }

    /**
     * Reads one list, in DER or PEM.
     *
     * @param other a further CA whose lists are accepted
     */
    X509CRL read(byte[] content, Optional<X509Certificate> other, Instant now) throws FetchException {
        X509CRL list = parsed(content);
        Optional<String> problem = CrlProfile.problem(list);
        if (problem.isPresent()) {
            throw new FetchException(FetchOutcome.LIST, "is " + problem.get());
        }
        if (HeldList.isOfTheFuture(list, now)) {
            throw new FetchException(
                    FetchOutcome.LIST,
                    "is a list of the future, issued at " + list.getThisUpdate().toInstant() + ": compare the clocks");
        }
        checkIssuer(list, other);
        return list;
    }

    private static X509CRL parsed(byte[] content) throws FetchException {
        try {
            List<X509CRL> lists = CertificateFile.revocationLists(Path.of("answer"), content);
            if (lists.size() > 1) {
                throw new FetchException(FetchOutcome.LIST, "holds " + lists.size() + " lists, and not one");
            }
            return lists.get(0);
        } catch (UnusableFileException | StackOverflowError e) {
            throw new FetchException(FetchOutcome.LIST, "is not a certificate revocation list in DER or PEM", e);
        }
    }

    /** Checks that a list is that of one of these CAs. */
    void checkIssuer(X509CRL list, Optional<X509Certificate> other) throws FetchException {
        List<X509Certificate> named = Stream.concat(issuers.stream(), other.stream())
                .filter(issuer -> list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()))
                .toList();
        String name = list.getIssuerX500Principal().getName();
        if (named.isEmpty()) {
            throw new FetchException(
                    FetchOutcome.LIST, "is the list of " + name + ", which is not a CA of the authority");
        }
        if (named.stream().noneMatch(issuer -> HeldList.isSignedBy(list, issuer))) {
            throw new FetchException(FetchOutcome.LIST, "is not signed with the key of " + name);
        }
    }

    /**
     * Checks that a list may replace another: it is not older, and as long as the other one counts, about the same certificates.
     * Anybody on the way could otherwise take the list of one part of the certificates for that of another.
     */
    static void checkSuccessor(X509CRL next, HeldList before, Instant now) throws FetchException {
        if (next.getThisUpdate()
                .toInstant()
                .isBefore(before.list().getThisUpdate().toInstant())) {
            throw new FetchException(
                    FetchOutcome.ROLLBACK,
                    "is older than the list in force: issued at "
                            + next.getThisUpdate().toInstant() + ", and not at "
                            + before.list().getThisUpdate().toInstant());
        }
        boolean same = next.getIssuerX500Principal().equals(before.list().getIssuerX500Principal())
                && CrlScope.of(next).equals(before.scope());
        if (!same && now.isBefore(HeldList.end(before.list()))) {
            throw new FetchException(FetchOutcome.LIST, "has another issuer or scope than the list in force");
        }
    }
}
