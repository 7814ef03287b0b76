package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.metrics.common.MetricsFactory;
import io.dropwizard.validation.PortRange;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of {@code config.yml}, made from the fields that declare the settings. What it refuses, the service refuses,
 * too; the service knows more, such as which settings go together.
 */
final class ConfigurationSchema {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final java.util.regex.Pattern LETTER = java.util.regex.Pattern.compile("[A-Za-z]");
    private static final String DIGITS = "0|[1-9][0-9]{0,8}";
    private static final String DURATION = "[0-9]+[a-z]|P[0-9DTHMS]+";

    private final ConfigurationModel<?> model;

    private ConfigurationSchema(ConfigurationModel<?> model) {
        this.model = model;
    }

    /** The schema of all settings that the model has. */
    static ObjectNode of(ConfigurationModel<?> model) {
        ObjectNode schema = NODES.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Configuration of Token Service");
        group(schema);
        new ConfigurationSchema(model).addTo(schema);
        return schema;
    }

    private static ObjectNode group(ObjectNode schema) {
        return schema.put("type", "object").put("additionalProperties", false);
    }

    private void addTo(ObjectNode root) {
        for (Setting setting : model.settings()) {
            ObjectNode parent = root;
            String path = "";
            String[] keys = setting.path().split("\\.");
            for (String key : Arrays.copyOf(keys, keys.length - 1)) {
                path += path.isEmpty() ? key : "." + key;
                parent = group(parent.withObject("/properties").withObject("/" + key));
                describe(parent, model.groups().getOrDefault(path, ""));
            }
            parent.withObject("/properties").set(keys[keys.length - 1], schema(setting));
        }
    }

    private static void describe(ObjectNode schema, String description) {
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
    }

    private static ObjectNode schema(Setting setting) {
        ObjectNode schema = NODES.objectNode();
        String variables = String.join(" or ", setting.variables());
        describe(schema, setting.description() + (variables.isEmpty() ? "" : " Variable: " + variables + "."));
        schema.setAll(kind(setting));
        if (!setting.isSecret()) {
            schema.setAll(defaultOf(setting));
        }
        return schema;
    }

    private static ObjectNode kind(Setting setting) {
        Field field = setting.field();
        Class<?> type = field.getType();
        if (!setting.choices().isEmpty()) {
            return choices(setting.choices());
        }
        if (type == int.class) {
            return number(field);
        }
        if (type == Boolean.class) {
            return anyOf(type("boolean"), inAnyCase("true", "false"));
        }
        if (setting.isList()) {
            return list(field);
        }
        if (Map.class.isAssignableFrom(type) || type == MetricsFactory.class) {
            return type("object");
        }
        return type == String.class ? text(field) : NODES.objectNode();
    }

    /** In the case that is declared, which editors propose, or in any other. */
    private static ObjectNode choices(List<String> choices) {
        ObjectNode declared = NODES.objectNode();
        choices.forEach(declared.putArray("enum")::add);
        return anyOf(declared, inAnyCase(choices.toArray(String[]::new)));
    }

    private static ObjectNode anyOf(ObjectNode... alternatives) {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("anyOf").addAll(List.of(alternatives));
        return schema;
    }

    private static ObjectNode inAnyCase(String... words) {
        return pattern(LETTER.matcher(String.join("|", words))
                .replaceAll(letter -> "[" + letter.group().toUpperCase(Locale.ROOT)
                        + letter.group().toLowerCase(Locale.ROOT) + "]"));
    }

    private static ObjectNode number(Field field) {
        if (field.isAnnotationPresent(PortOrOff.class)) {
            // YAML 1.1 reads off without quotes as false.
            return anyOf(
                    bounds(type("integer"), PortOrOff.class, 0),
                    pattern(DIGITS),
                    choices(List.of("off")),
                    NODES.objectNode().put("const", false));
        }
        String text = field.isAnnotationPresent(Minutes.class) ? DIGITS + "|" + DURATION : DIGITS;
        return anyOf(bounds(type("integer"), field, Long.MIN_VALUE), pattern(text));
    }

    private static ObjectNode bounds(ObjectNode schema, AnnotatedElement declaration, long least) {
        Min min = declaration.getAnnotation(Min.class);
        Max max = declaration.getAnnotation(Max.class);
        PortRange ports = declaration.getAnnotation(PortRange.class);
        if (min != null) {
            schema.put("minimum", Math.max(least, min.value()));
        }
        if (max != null) {
            schema.put("maximum", max.value());
        }
        if (ports != null) {
            schema.put("minimum", 0).put("maximum", ports.max());
        }
        return schema;
    }

    private static ObjectNode list(Field field) {
        var item = ((AnnotatedParameterizedType) field.getAnnotatedType()).getAnnotatedActualTypeArguments()[0];
        ObjectNode schema = type("array");
        schema.set("items", item.getType() == String.class ? text(item) : type("object"));
        return schema;
    }

    private static ObjectNode text(AnnotatedElement declaration) {
        Pattern pattern = declaration.getAnnotation(Pattern.class);
        FilePath path = declaration.getAnnotation(FilePath.class);
        ObjectNode schema = pattern == null ? type("string") : pattern(pattern.regexp());
        if (path != null && !path.mayBeEmpty()) {
            schema.put("minLength", 1);
        }
        return schema;
    }

    private static ObjectNode type(String name) {
        return NODES.objectNode().put("type", name);
    }

    /** Matches the whole text, as the service does. */
    private static ObjectNode pattern(String regexp) {
        return type("string").put("pattern", "^(?:" + regexp + ")$");
    }

    private static ObjectNode defaultOf(Setting setting) {
        ObjectNode schema = NODES.objectNode();
        @Nullable Object value = ConfigurationPage.defaultValue(setting.field());
        if (value instanceof String text) {
            schema.put("default", text);
        } else if (value instanceof Integer number) {
            schema.put("default", number);
        } else if (value instanceof Collection<?> list) {
            ArrayNode items = schema.putArray("default");
            list.forEach(item -> items.add(item.toString()));
        }
        return schema;
    }
}
