package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.Names;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The template of the client ids of an authority: literal text and {@code {client.…}} placeholders.
 *
 * @param template a template with attributes of the client
 */
record ClientIdTemplate(Template template) {

    /** Reads the single value of an attribute. A list has one if the certificate has one name of this kind. */
    static final Map<String, Function<Names, Attribute<String>>> NAMES = names();

    static final String AUTHORITY = "authority";

    /** Attributes of the subject, for which an authority without {@code subjects} does not vouch. */
    static final Set<String> OF_SUBJECT = Set.of("subject", "cn", "o", "ou", "subjectSerialNumber");

    private static final String CLIENT = "client";

    private static Map<String, Function<Names, Attribute<String>>> names() {
        Map<String, Function<Names, Attribute<String>>> names = new LinkedHashMap<>();
        names.put("spiffe", known -> known.spiffe().flatMap(id -> Attribute.of(id.uri())));
        names.put("spiffeTrustDomain", known -> known.spiffe().flatMap(id -> Attribute.of(id.trustDomain())));
        names.put("spiffePath", known -> known.spiffe().flatMap(id -> Attribute.of(id.path())));
        names.put("dns", known -> known.dns().flatMap(Attribute::only));
        names.put("uris", known -> known.uris().flatMap(Attribute::only));
        names.put("emails", Names::email);
        names.put("ips", known -> known.ips().flatMap(Attribute::only));
        names.put("subject", known -> known.subject().flatMap(name -> Attribute.of(name.text())));
        names.put("issuer", known -> known.issuer().flatMap(name -> Attribute.of(name.text())));
        names.put("cn", Names::cn);
        names.put("o", Names::o);
        names.put("ou", Names::ou);
        names.put("subjectSerialNumber", Names::subjectSerialNumber);
        return names;
    }

    /** Returns the attributes that a placeholder may name. */
    static List<String> attributes() {
        List<String> all = new ArrayList<>(NAMES.keySet());
        all.addAll(List.of("serial", "sha256", AUTHORITY));
        return all;
    }

    static ClientIdTemplate parse(String text) {
        return new ClientIdTemplate(Template.parse(text, List.of(CLIENT)));
    }

    /** Returns the template as it is written. */
    String text() {
        return template.text();
    }

    /** Returns the attributes that it names. */
    List<String> named() {
        return template.named().stream().map(ClientIdTemplate::attribute).toList();
    }

    private static String attribute(String placeholder) {
        return placeholder.substring(CLIENT.length() + 1);
    }

    /** Returns whether it begins with the name of the authority, so that two authorities cannot give the same id. */
    boolean beginsWithAuthority() {
        return text().startsWith("{client." + AUTHORITY + "}/");
    }

    /** Returns what is wrong with it; empty if it is valid. */
    Optional<String> problem() {
        return template.problem();
    }

    /**
     * Returns the id of a client.
     *
     * @throws RefusedException {@code invalid_client} if the certificate does not have exactly one value of each attribute
     */
    String of(ClientCertificate certificate, String authority) {
        String id = template.fill(
                name -> value(attribute(name), certificate, authority),
                problem -> unusable(ReasonCode.NO_CLIENT_ID, problem));
        if (SpiffeId.isClaimedBy(id) && !text().equals("{client.spiffe}")) {
            throw unusable(ReasonCode.NO_CLIENT_ID, "only a SPIFFE ID begins with spiffe:");
        }
        return id;
    }

    private String value(String name, ClientCertificate certificate, String authority) {
        Attribute<String> attribute = switch (name) {
            case AUTHORITY -> Attribute.of(authority);
            case "serial" -> Attribute.only(certificate.serialNumber().stream().toList());
            case "sha256" -> Attribute.only(certificate.sha256().stream().toList());
            default -> NAMES.getOrDefault(name, known -> Attribute.unknown()).apply(certificate.names());
        };
        if (attribute.value().isEmpty()) {
            throw unusable(
                    attribute.isAbsent() ? ReasonCode.NO_CLIENT_ID : ReasonCode.AMBIGUOUS_CLIENT_ID,
                    "the certificate does not have exactly one usable value of " + name);
        }
        if (!DirectoryName.isPlain(attribute.value().get())) {
            throw unusable(ReasonCode.NO_CLIENT_ID, "the " + name + " of the certificate is not printable ASCII");
        }
        return attribute.value().get();
    }

    private RefusedException unusable(ReasonCode reason, String problem) {
        return Refusal.because(reason, "the certificate has no name that can be the client id: " + problem)
                .detail("the policy names the clients of this authority " + text())
                .exception();
    }
}
