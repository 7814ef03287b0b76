package dev.tokenservice.identity;

import java.util.List;

/** The attribute of a certificate that names the client, in every flow alike. */
public enum ClientIdAttribute {
    /** Its only {@code spiffe:} URI. */
    SPIFFE_ID("SPIFFE ID"),
    /** Its only DNS name. */
    DNS_SAN("DNS SAN"),
    /** Its only URI beside the SPIFFE ID. */
    URI_SAN("URI SAN"),
    /** The SHA-256 of the DER certificate, unpadded base64. */
    SHA256_FINGERPRINT("SHA-256 fingerprint");

    private final String description;

    ClientIdAttribute(String description) {
        this.description = description;
    }

    /**
     * The client id that a certificate gives.
     *
     * @throws MalformedCertificateException when the attribute is missing, has several values, or one with a comma in it,
     *     which a list of values could not be told from
     */
    public String clientId(ClientCertificate certificate) {
        List<String> candidates = values(certificate);
        if (candidates.isEmpty()) {
            throw new MalformedCertificateException("the certificate has no " + description + " to serve as client id");
        }
        if (candidates.size() > 1) {
            throw new MalformedCertificateException(
                    "the certificate has several values of " + description + ", none of which can serve as client id");
        }
        if (candidates.get(0).indexOf(',') >= 0) {
            throw new MalformedCertificateException("a " + description + " with a comma cannot serve as client id");
        }
        return candidates.get(0);
    }

    private List<String> values(ClientCertificate certificate) {
        return switch (this) {
            case SPIFFE_ID -> certificate.spiffeId().map(SpiffeId::uri).stream().toList();
            case DNS_SAN -> certificate.dnsSans();
            case URI_SAN -> certificate.uriSans();
            case SHA256_FINGERPRINT -> certificate.sha256().stream().toList();
        };
    }

    @Override
    public String toString() {
        return description;
    }
}
