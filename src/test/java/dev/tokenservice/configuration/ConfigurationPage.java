package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tokenservice.TokenServiceConfiguration;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.commons.text.WordUtils;

/**
 * The tables of settings of {@code docs/configuration.md}. Meaning and default are those of {@code config.yml}, the variables those
 * of the code, and what is allowed is what the service itself answers to a value that is not.
 */
final class ConfigurationPage {

    /** Values that most settings refuse: no port, too long a time, no name of anything; two words; nothing. */
    private static final List<String> BAD_VALUES = List.of("99999", "two words", "");

    private static final int LINE_LENGTH = 128;

    private static final String TABLE_HEAD =
            "\n| setting | variable | default | allowed | meaning |\n|---|---|---|---|---|\n";

    private final ServiceConfigurationFactory<TokenServiceConfiguration> factory = new ServiceConfigurationFactory<>(
            TokenServiceConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), Map.of());
    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonNode defaults;

    private ConfigurationPage(JsonNode defaults) {
        this.defaults = defaults;
    }

    static String tables() throws IOException {
        ConfigurationPage page = new ConfigurationPage(
                new ObjectMapper(new YAMLFactory()).readTree(Files.readString(SettingsFile.PATH)));
        StringBuilder text = new StringBuilder();
        String group = "";
        for (SettingsFile.Entry entry : SettingsFile.read()) {
            if (entry.isGroup()) {
                text.append(page.heading(entry));
                continue;
            }
            if (!entry.group().equals(group)) {
                group = entry.group();
                text.append(
                        text.lastIndexOf("## `" + group + "`") < text.lastIndexOf("|\n")
                                ? "\nAlso in `" + group + "`:\n"
                                : "");
                text.append(TABLE_HEAD);
            }
            text.append(page.row(entry));
        }
        return text.toString();
    }

    private String heading(SettingsFile.Entry group) {
        return "\n## `" + group.path() + "`\n"
                + (group.description().isEmpty()
                        ? ""
                        : "\n" + WordUtils.wrap(marked(group.description()), LINE_LENGTH) + "\n");
    }

    private String row(SettingsFile.Entry entry) throws IOException {
        Variable variable = Variables.ofPath(entry.path()).orElseThrow();
        String names = variable.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" or "));
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        entry.path(),
                        names,
                        defaultOf(entry.path()),
                        String.join("; ", allowed(variable)),
                        marked(entry.description()));
    }

    private String defaultOf(String path) {
        JsonNode value = defaults.at("/" + path.replace('.', '/'));
        if (value.isMissingNode()) {
            return "none";
        }
        String text = value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : value.asText();
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    private List<String> allowed(Variable variable) throws IOException {
        List<String> allowed = new ArrayList<>();
        for (String value : BAD_VALUES) {
            Optional<String> refusal = allowed.isEmpty() ? refusal(variable, value) : Optional.empty();
            refusal.map(text -> text.replaceFirst(".*?(?:each )?must (?:be )?", variable.isList() ? "each " : ""))
                    .map(ConfigurationPage::marked)
                    .ifPresent(allowed::add);
        }
        if (variable.isSecret()) {
            allowed.add("a secret, which nothing shows");
        }
        return allowed;
    }

    /** What the service says of a value. */
    private Optional<String> refusal(Variable variable, String value) throws IOException {
        ObjectNode root = mapper.createObjectNode();
        String pointer = "/" + variable.path().replace('.', '/');
        String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        ObjectNode parent = root.withObject(pointer.substring(0, pointer.lastIndexOf('/')));
        if (variable.isList()) {
            parent.putArray(key).add(value);
        } else {
            parent.put(key, value);
        }
        byte[] file = mapper.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        try {
            factory.build(path -> new ByteArrayInputStream(file), "config.yml");
            return Optional.empty();
        } catch (ConfigurationException e) {
            return e.getErrors().stream()
                    .filter(line -> line.startsWith(variable.path()))
                    .findFirst();
        }
    }

    /** Makes code of what a reader may want to copy, and keeps table cells whole. */
    private static String marked(String text) {
        return text.replaceAll(
                        "\\{[a-z0-9_]+\\}|\\b[A-Z0-9]+(?:_[A-Z0-9]+)+\\b|\\b(?:[a-z0-9]+-)?mtls-client-credentials\\b",
                        "`$0`")
                .replace("|", "\\|");
    }
}
