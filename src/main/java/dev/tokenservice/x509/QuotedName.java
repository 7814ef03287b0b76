package dev.tokenservice.x509;

import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;

/** Distinguished names in messages: of any length and content, as certificates that nobody has verified have them. */
final class QuotedName {

    private static final int MAX_LENGTH = 256;

    private QuotedName() {}

    static String subject(X509Certificate certificate) {
        return text(certificate.getSubjectX500Principal());
    }

    static String issuer(X509Certificate certificate) {
        return text(certificate.getIssuerX500Principal());
    }

    private static String text(X500Principal principal) {
        String name = principal.toString();
        if (name.isEmpty()) {
            return "without a name";
        }
        return name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
    }
}
