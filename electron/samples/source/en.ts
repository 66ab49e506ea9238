import type { SampleStory } from './sampleStory.ts';

export const english: SampleStory = {
  title: 'The Crystal Guardian',
  author: 'The Storyloom developers',
  summary:
    'Elara, a young sorceress who can hear crystals, follows a failing song into a glowing forest and down beneath its oldest tree, where something has kept watch for nine hundred years.',
  characters: [
    {
      name: 'elara',
      shownAs: 'Elara',
      aliases: ['the listener'],
      description: 'A young sorceress with the ability to communicate with crystals',
      visualDescription:
        'Long fair hair with ivy in it, a green and grey robe, a string of wooden beads; she carries a staff that still grows leaves.',
      fields: [
        ['Age', 'Nineteen'],
        ['Home', 'Harrow, the last village below the snow'],
        ['Wants', 'To be asked, once, instead of told'],
        ['Fears', 'Silence'],
      ],
      notes:
        'She counts when she is afraid. She never lies to a stone, because a stone would know.\n',
      portrait: 'elara',
    },
    {
      name: 'oldRoot',
      shownAs: 'Old Root',
      aliases: ['the ancient tree', 'the Root'],
      description: 'The oldest tree in the forest, awake when he wants to be; he keeps the door to the cave.',
      visualDescription: 'A twisted trunk as broad as a barn, one red eye deep in the bark, arms of root and branch.',
      fields: [
        ['Age', 'He stopped counting at the second frost'],
        ['Wants', 'To be let off his promise'],
      ],
      notes: 'Speaks slowly, never asks a question twice, and finds the word “soon” funny.\n',
      portrait: 'oldRoot',
    },
    {
      name: 'guardian',
      shownAs: 'Ithil',
      aliases: ['the Guardian', 'the Crystal Guardian'],
      description: 'What is left of the last listener, grown into the crystal she was set to guard.',
      visualDescription:
        'A pale woman in turquoise with a crown of crystal spikes; small lights move around her hands as if they were curious.',
      fields: [
        ['Age', 'Nineteen, for nine hundred years'],
        ['Keeps', 'The heart of the mountain, and one name'],
      ],
      notes: 'She is not the enemy. She is tired.\n',
      portrait: 'guardian',
    },
  ],
  chapters: [
    {
      title: 'The Song in the Trees',
      scenes: [
        {
          title: 'The Forest of Glass Light',
          summary: 'A mysterious forest with glowing crystals',
          status: 'final',
          characters: ['elara'],
          pictures: [['forest', 'illustration']],
          note: '',
          text: `The forest began to sing an hour after dark, as it had sung every night of Elara's life, and as on every night of this autumn it was out of tune.

She stood on the last stone of the village wall with her boots in her hand and listened. From Harrow you could not see the crystals. You could only see what they did to the trees: a green breath along the undersides of the leaves, a blue one under the bark, and the water between the trunks holding both without a ripple. Her grandmother used to say that the forest kept its stars low so that nobody would have to look up to find one.

Two voices were missing. Yesterday it had been one. Elara counted again, because counting was what she did instead of being afraid, and came to the same number.

{{forest}}

*If you go in*, said the small crystal on the cord around her neck, *wear the boots.*

"You always say that."

*You always take them off.*

She put them on. Behind her the windows of Harrow were shut and the lamps turned down; people here had learned not to hear the song, the way one learns not to hear a mill. They would not hear it stop, either. They would only notice, one winter morning, that the well had gone dull and the bread would not rise, and that the children no longer laughed in their sleep.

Elara stepped down from the wall. The moss took her weight without a sound. Ahead of her, between two leaning trunks, a light the size of a thumbnail went out, and came back, and went out, as somebody might who is calling for help and does not want to be a bother.

"I'm coming," she told it, and went in among the trees.
`,
        },
        {
          title: 'What the Small Crystal Said',
          summary: 'Elara finds the fading crystal, and it gives her a message that was meant for somebody else.',
          status: 'revised',
          characters: ['elara'],
          pictures: [],
          note: 'A picture is still missing here: something old and half forgotten in the woods.',
          text: `It grew at the foot of a standing stone, no longer than her finger, and the light in it was the colour of milk with water added.

Elara knelt. One did not touch a crystal without asking. Most people did not know that, and most people's rings were very unhappy.

"May I?"

*You may*, said the crystal. It had a child's voice, with a crack in it. *Are you the listener?*

"I'm a listener."

*There is only one at a time. The last one went down and did not come up.* The light sank, and caught itself. *She said: I will be back before the leaves turn. So we kept the song for her. We have kept it rather a long time. Some of us are tired.*

"How long?"

The crystal considered. Crystals are exact, but they do not count in years; they count in layers, and Elara had to wait while it felt its way down through its own body to the place where somebody had last said a kind word to it.

*Nine hundred turnings of the leaves*, it said. *And this one.*

Around them the ribbons on the branches stirred, though there was no wind. Somebody had once tied them there with wishes in them. The wishes had worn out; the knots had held.

"What did she go down to do?"

*To mend the heart. It was only to take an afternoon.*

Elara sat back on her heels. She was nineteen years old. She had mended, so far, a kettle, a quarrel between two goats, and a church bell that had lost its temper. She thought about the shut windows of Harrow and about bread that would not rise.

"Which way is down?" she asked.

The crystal told her. Then, because it had been waiting for nine hundred years to say it to somebody, it added: *If you see her, say we did not stop.*
`,
        },
      ],
    },
    {
      title: 'Under the Ancient Tree',
      scenes: [
        {
          title: 'Old Root',
          summary: 'The oldest tree guards the door. He does not want gold for the way down; he wants a story he has not heard.',
          status: 'revised',
          characters: ['elara', 'oldRoot'],
          pictures: [['oldRoot', 'illustration']],
          note: '',
          text: `"No," said the tree.

Elara had not said anything yet. She closed her mouth and looked for something in the great twisted trunk that might be a face. After a while she found the eye. It was red, and a good way up, and it had plainly been watching her for longer than she had been watching it.

"I only want—"

"Down. They want down. Up, nobody asks for. It is a fine view." A root the width of a cart shifted under the leaves, and settled. "I am Old Root. I keep the door. I keep it shut, which is the easier way of keeping one."

"Somebody went down nine hundred years ago."

"Yes."

"You let *her* in."

The eye closed. It stayed closed so long that Elara began, quietly, to count. At two hundred and twelve it opened again.

"I did," said Old Root. "She asked how I was. Nobody asks a door. So I told her, and it took from the thaw until the hay, and she sat where you are sitting and did not once look at the sky to see how late it was. Then she asked to go down, and I had forgotten how to say no." Something creaked, deep in the wood. "I have practised since."

Elara thought of several clever things to say, and of one that was not.

"How are you?" she asked.

The wind went through nine hundred rings of leaves.

"Sorry," said the oldest tree in the forest. "Mostly I am sorry. Mind the third step, it was never level."

And under the arch of his roots, where there had been nothing but earth, there was a door-shaped piece of dark.
`,
        },
        {
          title: 'The Way Down',
          summary: 'A hidden cave beneath the ancient tree',
          status: 'draft',
          characters: ['elara'],
          pictures: [
            ['gate', 'illustration'],
            ['cavern', 'illustration'],
          ],
          note: '',
          text: `The third step was not level. Neither were the next nine hundred, and Elara, who had started to count them to be on the safe side, stopped when she noticed that they had been made for longer legs than hers and by someone in a hurry.

Beneath the roots the dark was not empty. It clicked and settled. It smelled of rain that had fallen a very long time ago and had been kept. Her staff put out a leaf, thought better of it, and put out a small light instead.

*Left*, said the crystal at her throat.

"There is no left. It's a wall."

*It is a polite wall. Say good evening.*

She said good evening. The wall, which had not been spoken to in centuries, was so surprised that it moved.

{{cavern}}

Then there was no more stair, and no more wall, and she was standing on the rim of a place so large that it had its own weather. Blue cliffs fell away on every side like waterfalls that somebody had asked to wait. Far below, mist; far above, the ends of roots, fine as hair, each with one drop of light on it. Every drop was a crystal. Every crystal was holding its breath.

She understood then why the song had been failing. It was not that the voices died. They had been listening, all these years, for an answer from down here, and one by one they had grown too tired to do both.

"Hello?" said Elara.

*Hello*, said the whole mountain, *hello, hello, hello*; and after it, from the mist, a good deal later than any echo ought to come, a woman's voice, hoarse with not being used:

"Is it still the same afternoon?"
`,
        },
      ],
    },
    {
      title: 'The Guardian',
      scenes: [
        {
          title: 'The Heart of the Mountain',
          summary: 'Ithil shows Elara what she has been holding together, and why she could never let go of it.',
          status: 'draft',
          characters: ['elara', 'guardian'],
          pictures: [
            ['guardian', 'illustration'],
            ['heart', 'illustration'],
          ],
          note: '',
          text: `She had been nineteen. That was the first thing Elara saw, and the worst: under the crown of blue spikes, behind the lights that drifted about her hands like curious fish, the Guardian of the mountain had the face of a girl who has sat down for a moment and will get up directly.

"Ithil," said the Guardian, as if she were reading it off something. "That was it. I have been keeping it under my tongue so as not to lose it. And you?"

"Elara."

"From Harrow? Is there still a Harrow? Does the bell still sulk?"

"I talked to it."

"Good. Somebody should." She had not moved. Elara saw now that she could not: from the elbows down her arms went into the column in front of her, and it was hard to tell where the sleeve ended and the crystal began.

Above the column hung the heart.

{{heart}}

It was not large. You could have carried it under one arm. A crack ran down it from top to bottom, thin as a thread, and through the crack came the only silence that Elara had ever heard which was *louder* than what was around it.

"It wants two hands to hold it shut," said Ithil, "and a third to mend it. I had counted the hands wrong, that is all. It was a very small mistake." She laughed, and small stones fell somewhere. "I thought: someone will notice that I'm late for supper."

Elara, who had been told all her life what she was for, and never once been asked, looked at the heart, and at the crack, and at her own two hands.

"They didn't stop," she said. "The small ones. They told me to tell you. They kept the song."

For the first time in nine hundred years something ran down the Guardian's cheek that was not water from the roof.
`,
        },
        {
          title: 'The Third Hand',
          summary: 'Elara must choose: mend the heart and stay, or take Ithil’s place, or find the way that neither of them has thought of.',
          status: 'idea',
          characters: ['elara', 'guardian', 'oldRoot'],
          pictures: [],
          note: 'She does not sacrifice herself. The song is the third hand: thousands of small voices, if somebody asks them instead of telling them. End in the morning, in Harrow, with bread.',
          text: `"There are three ways this can go," said Ithil, "and I have had time to think about all of them."

Elara set down her staff. It took root at once, out of nerves.

"You mend it, and I hold on, and we are both here when your hair is white. Or you hold on, and I walk up those stairs and see a leaf. I have wanted that so badly that I have to tell you not to offer it." The lights around her wrists had stopped moving. "Or we let go, and it breaks, and it is quiet."

"That's only three," said Elara.

"I just said that it was three."

"I mean"—and she put her palm on the cold blue column, and closed her eyes, and did what she had done on the village wall every night of her life, and listened—
`,
        },
      ],
    },
  ],
};
