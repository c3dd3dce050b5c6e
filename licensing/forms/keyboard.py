def ready_to_type(bound_fields, user):
    """Put the cursor into the first of these fields for a clerk, who fills page after page by the keyboard (art. 14).

    Not for anybody else: on a phone it would open the keyboard over the question.
    """
    first = next(iter(bound_fields), None)
    if first is not None and user.is_clerk and not first.form.errors:
        first.field.widget.attrs["autofocus"] = True
