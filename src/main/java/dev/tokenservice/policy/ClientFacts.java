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

/** What rules can ask of one client. Reads an attribute when it is first asked for; used by one thread. */
final class ClientFacts implements Function<ClientAttribute, Attribute<?>> {

    private final Function<ClientAttribute, Attribute<?>> source;
    private final Set<String> twins;
    private final Map<ClientAttribute, Attribute<?>> read = new EnumMap<>(ClientAttribute.class);
    private final Map<ClientAttribute, Attribute<DistinguishedName>> names = new EnumMap<>(ClientAttribute.class);

    /**
     * Takes facts from anywhere.
     *
     * @param twins the fingerprints that the holder can give the certificate as well
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

    /** Whether nothing but a summary was forwarded. */
    boolean isForwarded() {
        return apply(ClientAttribute.AUTHORITY)
                .value()
                .filter(Authority.FORWARDED.name()::equals)
                .isPresent();
    }

    /** The values of an attribute of texts, be it one or a list. */
    @SuppressWarnings("unchecked")
    Attribute<List<String>> texts(ClientAttribute attribute) {
        return attribute.kind() == ClientAttribute.Kind.TEXTS
                ? (Attribute<List<String>>) apply(attribute)
                : apply(attribute).flatMap(value -> Attribute.of(List.of(String.valueOf(value))));
    }

    /** The same client with another fingerprint, which is in its id too where the id is made of it. */
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

    /** A distinguished name, to be compared; unknown where its text is not one that can be. */
    Attribute<DistinguishedName> name(ClientAttribute attribute) {
        return names.computeIfAbsent(attribute, asked -> apply(asked).flatMap(text -> parsed(String.valueOf(text))));
    }

    private static Attribute<DistinguishedName> parsed(String text) {
        return DistinguishedName.read(text).map(Attribute::of).orElse(Attribute.unknown());
    }
}
