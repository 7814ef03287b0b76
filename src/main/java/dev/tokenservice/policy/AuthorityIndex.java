package dev.tokenservice.policy;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;

/**
 * Finds the authorities that a path can end at, by the names of their certificates. Somewhere on a path a certificate that came with
 * the request was issued by one of the bundle, so that authorities without its issuer's name need not be tried.
 */
final class AuthorityIndex {

    private final List<Trusted> authorities;

    /** The places of the authorities that have a certificate of a name. */
    private final Map<X500Principal, TreeSet<Integer>> places = new HashMap<>();

    AuthorityIndex(List<Trusted> authorities) {
        this.authorities = authorities;
        for (int i = 0; i < authorities.size(); i++) {
            for (X509Certificate certificate : authorities.get(i).offered()) {
                places.computeIfAbsent(certificate.getSubjectX500Principal(), name -> new TreeSet<>())
                        .add(i);
            }
        }
    }

    /** Those that can vouch for a certificate, in the order of the file. */
    List<Trusted> candidates(List<X509Certificate> presented) {
        TreeSet<Integer> found = new TreeSet<>();
        presented.forEach(certificate ->
                found.addAll(places.getOrDefault(certificate.getIssuerX500Principal(), new TreeSet<>())));
        return found.stream().map(authorities::get).toList();
    }
}
