package dev.tokenservice.mtls.x509;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What certificates are for, RFC 5280 sections 4.2.1.3 and 4.2.1.12. An extension that cannot be read allows nothing. */
final class Purpose {

    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;

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

    /** Whether its key may prove who the client is. */
    static boolean allowsProof(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null
                ? certificate.getExtensionValue(KEY_USAGE) == null
                : usage[DIGITAL_SIGNATURE] || usage[KEY_AGREEMENT];
    }
}
