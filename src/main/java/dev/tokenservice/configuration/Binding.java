package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Binds a tree to a configuration class. Jackson stops at the first setting of a wrong kind, which would hide every other
 * problem: so that setting is noted and taken out, and binding starts again, until only sound ones are left to validate.
 */
final class Binding<T> {

    private final ObjectMapper mapper;
    private final Validator validator;
    private final Class<T> type;

    Binding(ObjectMapper mapper, Validator validator, Class<T> type) {
        this.mapper = mapper;
        this.validator = validator;
        this.type = type;
    }

    T bind(ObjectNode root, String file, List<Problem> problems) throws ConfigurationException {
        noteMissingValues(root, "", problems);
        ObjectNode original = root.deepCopy();
        T configuration = null;
        while (configuration == null) {
            try {
                configuration = mapper.treeToValue(root, type);
            } catch (JsonMappingException e) {
                problems.add(problem(e, original));
                if (!remove(e.getPath(), root)) {
                    throw new InvalidConfigurationException(file, problems);
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a parsed tree cannot be malformed", e);
            }
        }
        validate(configuration, original, problems);
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(file, problems);
        }
        return configuration;
    }

    /** A key without a value is neither the default nor anything else. */
    private static void noteMissingValues(ObjectNode node, String prefix, List<Problem> problems) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
            String path = prefix + member.getKey();
            if (member.getValue().isNull()) {
                problems.add(new Problem(path, "", "has no value: give it one, or leave the key out"));
                node.remove(member.getKey());
            } else if (member.getValue() instanceof ObjectNode child) {
                noteMissingValues(child, path + ".", problems);
            } else if (member.getValue() instanceof ArrayNode list) {
                noteMissingItems(list, path, problems);
            }
        }
    }

    private static void noteMissingItems(ArrayNode list, String path, List<Problem> problems) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.path(i).isNull()) {
                problems.add(new Problem(path + "[" + i + "]", "", "has no value: give it one, or leave the item out"));
                list.remove(i);
            }
        }
    }

    private void validate(T configuration, JsonNode original, List<Problem> problems) {
        Set<String> noted = problems.stream().map(Problem::path).collect(Collectors.toSet());
        validator.validate(configuration).stream()
                .map(violation -> problem(violation, original))
                .filter(problem -> !noted.contains(problem.path()))
                .sorted((one, other) -> one.line().compareTo(other.line()))
                .forEach(problems::add);
    }

    private Problem problem(ConstraintViolation<T> violation, JsonNode original) {
        String path = violation.getPropertyPath().toString().replace(".<list element>", "");
        JsonNode found = original.at(pointer(path));
        if (found.isMissingNode() && violation.getInvalidValue() instanceof String text) {
            found = mapper.getNodeFactory().textNode(text);
        }
        return Problem.at(
                path,
                found.isContainerNode() && found.isObject() ? mapper.missingNode() : found,
                violation.getMessage());
    }

    private static String pointer(String path) {
        return "/" + path.replace("[", ".").replace("]", "").replace('.', '/');
    }

    private Problem problem(JsonMappingException failure, JsonNode original) {
        String path = path(failure.getPath());
        return Problem.at(path, original.at(pointer(path)), allowed(failure));
    }

    private static String allowed(JsonMappingException failure) {
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return "cannot be used: " + failure.getOriginalMessage();
    }

    private static String kind(Class<?> target) {
        if (target == int.class || target == long.class || Number.class.isAssignableFrom(target)) {
            return "a whole number";
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(target)) {
            return "a list";
        }
        return target == String.class ? "a text, in quotes where it looks like something else" : "a group of settings";
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static boolean remove(List<JsonMappingException.Reference> references, JsonNode root) {
        JsonNode parent = root;
        for (int i = 0; i < references.size() - 1; i++) {
            parent = child(parent, references.get(i));
        }
        if (references.isEmpty()) {
            return false;
        }
        JsonMappingException.Reference last = references.get(references.size() - 1);
        if (parent instanceof ArrayNode array && last.getFieldName() == null) {
            return array.remove(last.getIndex()) != null;
        }
        return parent instanceof ObjectNode object && object.remove(last.getFieldName()) != null;
    }

    private static JsonNode child(JsonNode parent, JsonMappingException.Reference reference) {
        return reference.getFieldName() == null
                ? parent.path(reference.getIndex())
                : parent.path(reference.getFieldName());
    }
}
