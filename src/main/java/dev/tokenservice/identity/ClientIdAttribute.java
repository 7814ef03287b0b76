package dev.tokenservice.identity;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The attribute of a certificate that names the client, in every flow alike. */
public enum ClientIdAttribute {
    /** Its only {@code spiffe:} URI. */
    SPIFFE_ID("spiffe", "SPIFFE ID"),
    DNS_SAN("dns", "DNS SAN"),
    /** Its only URI beside the SPIFFE ID. */
    URI_SAN("uri", "URI SAN"),
    /** The SHA-256 of the DER certificate, unpadded base64. */
    SHA256_FINGERPRINT("sha256", "SHA-256 fingerprint"),
    /** The only common name of its subject. */
    COMMON_NAME("cn", "common name"),
    /** Its only e-mail address among the alternative names. */
    EMAIL_SAN("email", "e-mail SAN"),
    /** Its whole subject, as in RFC 4514. */
    SUBJECT("subject", "subject"),
    /** Its serial number: hex with colons. Only unique within an authority. */
    SERIAL_NUMBER("serial", "serial number");

    private final String setting;
    private final String description;

    ClientIdAttribute(String setting, String description) {
        this.setting = setting;
        this.description = description;
    }

    /** Returns the value of {@code CLIENT_ID} that stands for it. */
    public String setting() {
        return setting;
    }

    /** Returns the attribute that a value of {@code CLIENT_ID}, in any case, stands for. */
    public static Optional<ClientIdAttribute> of(String setting) {
        return Arrays.stream(values())
                .filter(attribute -> attribute.setting.equals(setting.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Returns whether a proxy's summary without any distinguished name can have it. */
    public boolean isInSummaries() {
        return switch (this) {
            case SPIFFE_ID, DNS_SAN, URI_SAN, SHA256_FINGERPRINT, SERIAL_NUMBER -> true;
            case COMMON_NAME, EMAIL_SAN, SUBJECT -> false;
        };
    }

    /** Returns every value of the attribute that a certificate is known to have. */
    public List<String> values(ClientCertificate certificate) {
        Names names = certificate.names();
        return switch (this) {
            case SPIFFE_ID -> certificate.spiffeId().map(SpiffeId::uri).stream().toList();
            case DNS_SAN -> certificate.dnsSans();
            case URI_SAN -> certificate.uriSans();
            case SHA256_FINGERPRINT -> certificate.sha256().stream().toList();
            case COMMON_NAME ->
                names.subject()
                        .value()
                        .map(subject -> subject.values(DirectoryName.COMMON_NAME))
                        .orElse(List.of());
            case EMAIL_SAN -> names.emails().value().orElse(List.of());
            case SUBJECT ->
                names.subject().value().map(DirectoryName::text).filter(text -> !text.isEmpty()).stream()
                        .toList();
            case SERIAL_NUMBER -> certificate.serialNumber().stream().toList();
        };
    }

    @Override
    public String toString() {
        return description;
    }
}
