package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.x509.DistinguishedName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The attributes of a client that rules can read. Computes an attribute when it is first read. Not thread-safe. */
final class ClientFacts implements Function<ClientAttribute, Attribute<?>> {

    private final Function<ClientAttribute, Attribute<?>> source;
    private final Set<String> twins;
    private final Map<ClientAttribute, Attribute<?>> read = new EnumMap<>(ClientAttribute.class);
    private final Map<ClientAttribute, Attribute<DistinguishedName>> names = new EnumMap<>(ClientAttribute.class);

    /**
     * Creates facts from any source.
     *
     * @param twins further fingerprints that the holder can give the same certificate
     */
    ClientFacts(Function<ClientAttribute, Attribute<?>> source, Set<String> twins) {
        this.source = source;
        this.twins = twins;
    }

    static ClientFacts of(ClientPrincipal client) {
        return new ClientFacts(
                attribute -> attribute.of(client), client.certificate().twins());
    }

    @Override
    public Attribute<?> apply(ClientAttribute attribute) {
        return read.computeIfAbsent(attribute, source);
    }

    /** Returns whether the proxy forwarded only a summary, not the certificate. */
    boolean isForwarded() {
        return apply(ClientAttribute.AUTHORITY)
                .value()
                .filter(Authority.FORWARDED.name()::equals)
                .isPresent();
    }

    /** Returns the values of an attribute: one text, or each item of a list. */
    @SuppressWarnings("unchecked")
    Attribute<List<String>> texts(ClientAttribute attribute) {
        return attribute.kind() == ClientAttribute.Kind.TEXTS
                ? (Attribute<List<String>>) apply(attribute)
                : apply(attribute).flatMap(value -> Attribute.of(List.of(String.valueOf(value))));
    }

    /** Returns the same client with another fingerprint, also in its id if the id contains it. */
    ClientFacts with(String fingerprint) {
        Attribute<?> own = apply(ClientAttribute.SHA256);
        return new ClientFacts(
                attribute -> switch (attribute) {
                    case SHA256 -> Attribute.of(fingerprint);
                    case ID ->
                        apply(attribute)
                                .flatMap(id -> Attribute.of(own.value()
                                        .map(sha256 -> String.valueOf(id).replace(String.valueOf(sha256), fingerprint))
                                        .orElse(String.valueOf(id))));
                    default -> apply(attribute);
                },
                Set.of());
    }

    Set<String> twins() {
        return twins;
    }

    /** Returns a distinguished name for comparison; unknown if its text cannot be parsed. */
    Attribute<DistinguishedName> name(ClientAttribute attribute) {
        return names.computeIfAbsent(attribute, asked -> apply(asked).flatMap(text -> parsed(String.valueOf(text))));
    }

    private static Attribute<DistinguishedName> parsed(String text) {
        return DistinguishedName.read(text).map(Attribute::of).orElse(Attribute.unknown());
    }
}
