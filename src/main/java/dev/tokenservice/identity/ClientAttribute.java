package dev.tokenservice.identity;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a policy can ask about a client, by the name that it has there. */
public enum ClientAttribute {
    ID("id", client -> Attribute.of(client.clientId())),
    AUTHORITY("authority", client -> Attribute.of(client.authority())),
    FLOW("flow", client -> Attribute.of(client.flow())),
    SPIFFE("spiffe", names(names -> names.spiffe().flatMap(id -> Attribute.of(id.uri())))),
    SPIFFE_TRUST_DOMAIN(
            "spiffeTrustDomain", names(names -> names.spiffe().flatMap(id -> Attribute.of(id.trustDomain())))),
    SPIFFE_PATH("spiffePath", names(names -> names.spiffe().flatMap(id -> Attribute.of(id.path())))),
    DNS("dns", Kind.TEXTS, names(Names::dns)),
    URIS("uris", Kind.TEXTS, names(Names::uris)),
    EMAILS("emails", Kind.TEXTS, names(Names::emails)),
    IPS("ips", Kind.TEXTS, names(Names::ips)),
    SUBJECT("subject", names(names -> names.subject().flatMap(ClientAttribute::text))),
    ISSUER("issuer", names(names -> names.issuer().flatMap(ClientAttribute::text))),
    CN("cn", names(Names::cn)),
    O("o", names(Names::o)),
    OU("ou", names(Names::ou)),
    SUBJECT_SERIAL_NUMBER("subjectSerialNumber", names(Names::subjectSerialNumber)),
    SERIAL("serial", client -> told(client.certificate().serialNumber())),
    SHA256("sha256", client -> told(client.certificate().sha256())),
    NOT_BEFORE("notBefore", Kind.TIME, client -> told(client.certificate().notBefore())),
    NOT_AFTER("notAfter", Kind.TIME, client -> told(client.certificate().notAfter())),
    KEY_TYPE("keyType", names(Names::keyType));

    /** What its value is. */
    public enum Kind {
        /** {@link String}. */
        TEXT,
        /** A list of {@link String}. */
        TEXTS,
        /** {@link Instant}. */
        TIME
    }

    private final String key;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Function<ClientPrincipal, Attribute<?>> reader;

    ClientAttribute(String key, Function<ClientPrincipal, Attribute<?>> reader) {
        this(key, Kind.TEXT, reader);
    }

    ClientAttribute(String key, Kind kind, Function<ClientPrincipal, Attribute<?>> reader) {
        this.key = key;
        this.kind = kind;
        this.reader = reader;
    }

    /** Its name in a policy, behind {@code client.}. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** What is known of it. */
    public Attribute<?> of(ClientPrincipal client) {
        return reader.apply(client);
    }

    /** Returns whether it is in the subject, which some authorities do not vouch for. */
    public boolean isOfSubject() {
        return switch (this) {
            case SUBJECT, CN, O, OU, SUBJECT_SERIAL_NUMBER -> true;
            default -> false;
        };
    }

    public static Optional<ClientAttribute> of(String key) {
        return Arrays.stream(values())
                .filter(attribute -> attribute.key.equals(key))
                .findFirst();
    }

    /** The names of all. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(ClientAttribute::key).toList();
    }

    private static Function<ClientPrincipal, Attribute<?>> names(Function<Names, Attribute<?>> reader) {
        return client -> reader.apply(client.certificate().names());
    }

    private static Attribute<String> text(DirectoryName name) {
        return name.text().isEmpty() ? Attribute.absent() : Attribute.of(name.text());
    }

    /** Every certificate has it: where it is not there, the evidence does not have it. */
    private static <T> Attribute<T> told(Optional<T> value) {
        return value.map(Attribute::of).orElse(Attribute.unknown());
    }
}
