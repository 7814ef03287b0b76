package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.metrics.common.MetricsFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.WordUtils;
import org.jspecify.annotations.Nullable;

/**
 * The tables of settings of {@code docs/configuration.md}, made from the fields that declare them. What is allowed is what the
 * service itself answers to a value that is not.
 */
public final class ConfigurationPage {

    /** Values that most settings refuse: no port, too long a time, no name of anything; two words; nothing. */
    private static final List<String> BAD_VALUES = List.of("99999", "two words", "");

    private static final int LINE_LENGTH = 128;

    private static final String TABLE_HEAD =
            "\n| setting | variable | default | allowed | meaning |\n|---|---|---|---|---|\n";

    private final ConfigurationModel<TokenServiceConfiguration> model;
    private final ServiceConfigurationFactory<TokenServiceConfiguration> factory;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Set<String> headings = new HashSet<>();

    private ConfigurationPage(ConfigurationModel<TokenServiceConfiguration> model) {
        this.model = model;
        this.factory = new ServiceConfigurationFactory<>(
                model, TestValidators.SHARED.getValidator(), Jackson.newObjectMapper(), Map.of());
    }

    /** All tables, with the settings that the model has. */
    public static String tables(ConfigurationModel<TokenServiceConfiguration> model) throws IOException {
        ConfigurationPage page = new ConfigurationPage(model);
        StringBuilder text = new StringBuilder();
        String group = "";
        for (Setting setting : model.settings()) {
            String next = groupOf(setting);
            if (!next.equals(group)) {
                group = next;
                text.append(page.heading(group)).append(TABLE_HEAD);
            }
            text.append(page.row(setting));
        }
        return text.toString();
    }

    /** A setting outside every group has a heading of its own. */
    private static String groupOf(Setting setting) {
        int end = setting.path().lastIndexOf('.');
        return end < 0 ? setting.path() : setting.path().substring(0, end);
    }

    private String heading(String group) {
        if (!headings.add(group)) {
            return "\nAlso in `" + group + "`:\n";
        }
        String description = model.groups().getOrDefault(group, "");
        return "\n## `" + group + "`\n"
                + (description.isEmpty() ? "" : "\n" + WordUtils.wrap(marked(description), LINE_LENGTH) + "\n");
    }

    private String row(Setting setting) throws IOException {
        String names = setting.variables().isEmpty()
                ? "none"
                : setting.variables().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" or "));
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        setting.path(),
                        names,
                        defaultOf(setting),
                        String.join("; ", allowed(setting)),
                        marked(setting.description()));
    }

    private static String defaultOf(Setting setting) {
        Object value = defaultValue(setting.field());
        if (value == null || value instanceof MetricsFactory) {
            return "none";
        }
        if (value instanceof Map<?, ?> map && map.isEmpty()) {
            return "empty";
        }
        String text = value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value instanceof JsonNode node ? node.asText() : value.toString();
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    /** What a field holds that nothing was read into. */
    static @Nullable Object defaultValue(Field field) {
        try {
            Constructor<?> constructor = field.getDeclaringClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            field.setAccessible(true);
            return field.get(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> allowed(Setting setting) throws IOException {
        List<String> allowed = new ArrayList<>();
        for (String value : BAD_VALUES) {
            Optional<String> refusal = allowed.isEmpty() ? refusal(setting, value) : Optional.empty();
            refusal.map(text -> text.replaceFirst(".*?(?:each )?must (?:be )?", setting.isList() ? "each " : ""))
                    .map(ConfigurationPage::marked)
                    .ifPresent(allowed::add);
        }
        if (setting.isSecret()) {
            allowed.add("a secret, which nothing shows");
        }
        return allowed;
    }

    /** What the service says of a value. */
    private Optional<String> refusal(Setting setting, String value) throws IOException {
        ObjectNode root = mapper.createObjectNode();
        String pointer = "/" + setting.path().replace('.', '/');
        String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        String place = pointer.substring(0, pointer.lastIndexOf('/'));
        ObjectNode parent = place.isEmpty() ? root : root.withObject(place);
        if (setting.isList()) {
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
                    .filter(line -> line.startsWith(setting.path()))
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
