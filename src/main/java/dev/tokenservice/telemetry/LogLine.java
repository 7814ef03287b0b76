package dev.tokenservice.telemetry;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.SpiffeId;
import java.util.Map;
import java.util.Optional;
import org.slf4j.spi.LoggingEventBuilder;

/** A log line in the making. Its fields appear in the order in which they are added; used by one thread. */
public final class LogLine {

    private LoggingEventBuilder line;

    /** Takes a builder of the line's logger, at its level. */
    public LogLine(LoggingEventBuilder line) {
        this.line = line;
    }

    public LogLine with(String field, Object value) {
        line = line.addKeyValue(field, value);
        return this;
    }

    public LogLine withAll(Map<String, ?> fields) {
        fields.forEach(this::with);
        return this;
    }

    /** Adds no field where there is no value. */
    public LogLine withOptional(String field, Optional<?> value) {
        return value.isPresent() ? with(field, value.get()) : this;
    }

    /**
     * Adds what tells a certificate from others.
     *
     * @param verified whether anyone has verified it: where nobody has, its names can be of any length
     * @param maxLength of each field with names, in characters
     */
    public LogLine withCertificate(ClientCertificate certificate, boolean verified, int maxLength) {
        Optional<String> dns =
                Optional.of(String.join(",", certificate.dnsSans())).filter(names -> !names.isEmpty());
        return withOptional("fingerprint", certificate.sha256())
                .withOptional("serial", certificate.serialNumber())
                .withOptional("subject", name(certificate.names().subject(), maxLength))
                .withOptional("issuer", name(certificate.names().issuer(), maxLength))
                .withOptional("spiffe", certificate.spiffeId().map(SpiffeId::uri))
                .withOptional("dns", dns.map(names -> cut(names, maxLength)))
                .withOptional("certificate_expires", certificate.notAfter())
                .with("verified", verified);
    }

    private static Optional<String> name(Attribute<DirectoryName> name, int maxLength) {
        return name.value().map(DirectoryName::text).map(text -> cut(text, maxLength));
    }

    public void write(String message) {
        line.log(message);
    }

    /** Cuts a text, and marks that it was. */
    public static String cut(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
    }
}
