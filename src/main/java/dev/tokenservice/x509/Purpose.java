package dev.tokenservice.x509;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;

/** What certificates are for, RFC 5280 sections 4.2.1.3 and 4.2.1.12. An extension that cannot be read allows nothing. */
final class Purpose {

    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private Purpose() {}

    /** Without the extension a certificate serves any purpose. An authority's purposes bind those below it. */
    static boolean allowsClients(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null
                    ? certificate.getExtensionValue(EXTENDED_KEY_USAGE) == null
                    : purposes.contains(CLIENT_AUTHENTICATION) || purposes.contains(ANY_PURPOSE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Returns whether its key may prove who the client is. */
    static boolean allowsProof(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null
                ? certificate.getExtensionValue(KEY_USAGE) == null
                : usage[DIGITAL_SIGNATURE] || usage[KEY_AGREEMENT];
    }

    /**
     * Returns whether it is an authority's, or may be taken for one: no client is one (X509-SVID sections 4.3 and 5.2). What it
     * says of that and cannot be read counts as well.
     */
    static boolean isAuthority(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return saysAuthority(certificate) || (usage != null && (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]));
    }

    private static boolean saysAuthority(X509Certificate certificate) {
        try {
            return Extensions.value(certificate, Extension.basicConstraints)
                    .filter(value -> BasicConstraints.getInstance(value).isCA())
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Returns whether its key may sign certificates. */
    static boolean allowsIssuing(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null ? certificate.getExtensionValue(KEY_USAGE) == null : usage[KEY_CERT_SIGN];
    }
}
