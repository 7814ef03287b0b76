package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.ClientAttribute.Kind;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The template of the {@code sub} in tokens for a relying party.
 *
 * @param template a template with attributes of the client and columns of its row
 * @param ofClient whether it contains an attribute that identifies the client
 */
public record SubjectTemplate(Template template, boolean ofClient) {

    private static final String PREFIX = "client.";
    private static final String ROW = SubjectOwners.ROW + ".";

    /** Attributes that identify one client, whatever names clients. */
    private static final List<String> OF_ONE_CLIENT = List.of("client.id", "client.sha256");

    static final SubjectTemplate CLIENT_ID = parse("{client.id}", List.of());

    /**
     * Reads a template.
     *
     * @param namings the templates of client ids, because two clients must never have the same subject
     */
    static SubjectTemplate parse(String text, List<ClientIdTemplate> namings) {
        Template template = Template.parse(text, List.of("client", SubjectOwners.ROW));
        List<String> named = template.named();
        boolean ofClient = named.stream().anyMatch(OF_ONE_CLIENT::contains)
                || namings.stream()
                        .allMatch(naming ->
                                naming.named().stream().map(PREFIX::concat).allMatch(named::contains));
        return new SubjectTemplate(template, ofClient);
    }

    /** Returns the template as it is written. */
    public String text() {
        return template.text();
    }

    /** Returns whether it reads a row of a set. */
    public boolean readsRow() {
        return !columns().isEmpty();
    }

    /** Returns the columns of the row that it reads. */
    List<String> columns() {
        return template.named().stream()
                .filter(name -> name.startsWith(ROW))
                .map(name -> name.substring(ROW.length()))
                .toList();
    }

    /** Returns its problems. */
    Stream<String> problems() {
        List<String> unknown = template.named().stream()
                .filter(name -> !name.startsWith(ROW) && !known().contains(name))
                .toList();
        if (template.problem().isPresent() || !unknown.isEmpty()) {
            return Stream.concat(template.problem().stream(), unknown.stream().map(SubjectTemplate::unknown));
        }
        return ofClient || !columns().isEmpty()
                ? Stream.empty()
                : Stream.of(
                        "two clients could have the same subject: it must contain {client.id}, {client.sha256}, or every "
                                + "placeholder of the client ids");
    }

    private static String unknown(String name) {
        return "the placeholder {" + name + "} is unknown; known: " + String.join(", ", known())
                + Suggestion.among(known(), name);
    }

    private static List<String> known() {
        return Arrays.stream(ClientAttribute.values())
                .filter(attribute -> attribute.kind() != Kind.TIME)
                .map(attribute -> PREFIX + attribute.key())
                .toList();
    }

    /** Returns an example in which each placeholder has the same value. */
    public String sample(String value) {
        return template.fill(name -> value, this::unusable);
    }

    /**
     * Returns the subject of a client.
     *
     * @param row the row of the client; empty if the policy found none
     * @throws RefusedException {@code invalid_request} if its certificate does not have exactly one usable value of each
     *     attribute
     */
    String of(Function<ClientAttribute, Attribute<?>> client, Map<String, String> row) {
        return template.fill(name -> name.startsWith(ROW) ? column(name, row) : value(name, client), this::unusable);
    }

    /** Returns the value of a column. A missing value is an error of the operator. */
    private static String column(String name, Map<String, String> row) {
        return Optional.ofNullable(row.get(name.substring(ROW.length())))
                .filter(value -> !value.isEmpty() && DirectoryName.isPlain(value))
                .orElseThrow(() -> Refusal.because(ReasonCode.OPERATOR, "the ID token cannot have a subject")
                        .detail("the row of the client has no usable value of " + name)
                        .remedy("fill the column, with printable ASCII, or change the subject in the policy")
                        .exception());
    }

    private String value(String name, Function<ClientAttribute, Attribute<?>> client) {
        Attribute<?> attribute = client.apply(ClientAttribute.of(name.substring(PREFIX.length()))
                .orElseThrow(() -> new IllegalStateException("the policy was checked")));
        return attribute
                .value()
                .map(found -> found instanceof List<?> all ? all : List.of(found))
                .filter(all -> all.size() == 1)
                .map(only -> String.valueOf(only.get(0)))
                .filter(DirectoryName::isPlain)
                .orElseThrow(() -> unusable("the certificate does not have exactly one usable value of " + name));
    }

    private RefusedException unusable(String problem) {
        return Refusal.because(ReasonCode.MALFORMED_REQUEST, "the ID token cannot have a subject: " + problem)
                .detail("the policy makes the subject for this relying party from " + text())
                .exception();
    }
}
