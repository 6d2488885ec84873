"""A pathway just large enough for the durable case's own rules."""

from pathway_model.language.definition import Definition

TINY = Definition.model_validate(
    {
        "pathway": "tiny",
        "version": 1,
        "title": "A tiny pathway",
        "agencies": {"team": {"title": "Team", "roles": ["keyworker", "manager"]}},
        "contacts": {"referrer": "one"},
        "notices": {"greeting": {"to": "person", "text": "Hello."}},
        "phases": {
            "support": {
                "steps": {
                    "waiting": {
                        "owner": "keyworker",
                        "deadline": {"within": "1 hour", "escalate": {"manager": "at once"}},
                        "actions": {
                            "note": {},
                            "greet": {"sends": ["greeting"]},
                            "only_manager": {"by": "manager"},
                            "support": {"go_to": "supported"},
                            "finish": {"go_to": "closed"},
                        },
                    },
                    "supported": {
                        "owner": "keyworker",
                        "deadline": {"within": "10 hours", "escalate": {"manager": "at once"}},
                        "actions": {
                            "note_again": {},
                            "support_more": {"go_to": "supported_more"},
                            "finish_now": {"go_to": "closed"},
                        },
                    },
                    "supported_more": {
                        "owner": "keyworker",
                        "deadline": {"within": "20 hours", "escalate": {"manager": "at once"}},
                    },
                    "closed": {"owner": "manager", "ends": "completed"},
                }
            }
        },
    }
)
